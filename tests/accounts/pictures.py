"""Pictures, made when needed."""

import io

from PIL import Image


def picture(kind="PNG", size=(64, 48), *, mode="RGB", color=(30, 120, 160), **options):
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def png(width, height):
    return picture("PNG", (width, height))
