"""Pictures, made when needed."""

import io
import os

from PIL import Image


def picture(kind="PNG", size=(64, 48), *, mode="RGB", color=(30, 120, 160), **options):
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def png(width, height):
    return picture("PNG", (width, height))


def noise(size):
    """As large in bytes as a PNG of this size can be: three bytes a pixel."""
    out = io.BytesIO()
    Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1])).save(out, "PNG")
    return out.getvalue()
