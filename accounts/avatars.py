"""Pictures of people: decoded, bounded and written anew, so that nothing of what came in is stored or served.

The threats: files that are two things at once, metadata with places in it, pictures of few bytes and billions of
pixels, names that are paths. Every stored file is a WebP of ours under a random name.
"""

import io
import secrets
import struct
import warnings
import zlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.errors import NotAPicture
from accounts.models import User

MAX_BYTES = 5 * 1024 * 1024
_MAX_PIXELS = 40_000_000
_MAX_FRAMES = 500
_SIDE = 512
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def reencode(data: bytes, *, max_pixels: int = _MAX_PIXELS) -> bytes:
    """The picture as WebP, at most 512 pixels a side, first frame only, upright, without metadata.

    Raises NotAPicture, whatever is wrong with it.
    """
    if not data or len(data) > MAX_BYTES:
        raise NotAPicture
    try:
        with warnings.catch_warnings():
            # A stranger's damaged metadata is not worth a line in our log.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                return _written_anew(picture, max_pixels=max_pixels)
    except NotAPicture:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        struct.error,
        zlib.error,
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        AttributeError,
        AssertionError,
        EOFError,
        LookupError,
        ArithmeticError,
        RuntimeError,
        MemoryError,
    ):
        # Pillow's decoders raise all of these for damaged files, and what they raise next nobody knows.
        raise NotAPicture("This file is no picture that can be read. Send a JPEG, PNG, WebP or GIF.") from None


def _written_anew(picture: Image.Image, *, max_pixels: int) -> bytes:
    width, height = picture.size
    if width * height > max_pixels or getattr(picture, "n_frames", 1) > _MAX_FRAMES:
        raise NotAPicture(f"The picture is too large. Send one of at most {max_pixels // 1_000_000} megapixels.")
    picture.seek(0)
    picture.draft("RGB", (_SIDE, _SIDE))
    upright = ImageOps.exif_transpose(picture)
    transparent = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    plain = upright.convert("RGBA" if transparent else "RGB")
    plain.thumbnail((_SIDE, _SIDE))
    # A new canvas: `info` (EXIF, XMP, ICC) stays behind.
    canvas = Image.new(plain.mode, plain.size)
    canvas.paste(plain)
    out = io.BytesIO()
    canvas.save(out, "WEBP", quality=85, method=4)
    return out.getvalue()


def replace(user: User, webp_bytes: bytes, *, source: str) -> None:
    """Give the person this picture (the output of `reencode`). The old file goes after commit."""
    name = default_storage.save(f"profiles/{secrets.token_urlsafe(18)}.webp", ContentFile(webp_bytes))
    try:
        with transaction.atomic():
            _set(user, avatar=name, source=source)
    except BaseException:
        default_storage.delete(name)
        raise


def remove(user: User) -> None:
    """Take the person's picture away. `avatar_url_seen` stays: a provider's picture comes back when its URL changes."""
    with transaction.atomic():
        _set(user, avatar="", source=User.AvatarSource.NONE)


def _set(user: User, *, avatar: str, source: str) -> None:
    old = User.objects.select_for_update().values_list("avatar", flat=True).get(pk=user.pk)
    user.avatar, user.avatar_source = avatar, source
    user.save(update_fields=["avatar", "avatar_source", "updated_at"])
    if old:
        transaction.on_commit(lambda: default_storage.delete(old))
