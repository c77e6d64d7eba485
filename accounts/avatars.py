"""Pictures of people: decoded, bounded and written anew, so that nothing of what came in is stored or served.

The threats: files that are two things at once, metadata with places in it, pictures of few bytes and billions of
pixels, many of them at once, names that are paths. Every stored file is a WebP of ours under a random name.
"""

import io
import struct
import warnings
import zlib

from django.db import transaction
from django.utils.translation import gettext, gettext_noop
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts import picture_files
from accounts.errors import DecodingIsFull, NotAPicture
from accounts.models import User
from fairlead.conf import Rate
from fairlead.own_threads import OwnThreads
from fairlead.places import NoPlace
from fairlead.web import rate_limits

_CHANGES = Rate("20/3600")

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 12_000_000
_MAX_PIXELS_WEBP = 8_000_000  # its decoder holds four copies, the others two
_MAX_FRAMES = 500
_SIDE = 512
# Shrinking takes one pixel of many there, and the picture looks torn.
_WITHOUT_SHADES = frozenset({"1", "P", "PA"})
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# One at a time in this process: several at once would hold its memory, and every core.
_threads = OwnThreads("pictures", 1, places=1, waiting=2, seconds=2.0)


def upload(user: User, data: bytes) -> None:
    """Give the person the picture that they sent. Raises NotAPicture, RateLimited."""
    rate_limits.hit("pictures", str(user.pk), _CHANGES)
    replace(user, reencode(data), source=User.AvatarSource.UPLOAD)


def reencode(data: bytes) -> bytes:
    """The picture as WebP, at most 512 pixels a side, first frame only, upright, without metadata.

    Raises NotAPicture, whatever is wrong with it; DecodingIsFull where others' pictures are being decoded.
    """
    if not data or len(data) > MAX_BYTES:
        raise NotAPicture
    try:
        return _threads.run(lambda: _decoded(data))
    except NoPlace:
        raise DecodingIsFull from None


def _decoded(data: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            # A stranger's damaged metadata is not worth a line in our log.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                return _written_anew(picture)
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
        raise NotAPicture(
            gettext_noop("This file is no picture that can be read. Send a JPEG, PNG, WebP or GIF.")
        ) from None


def _written_anew(picture: Image.Image) -> bytes:
    # What the header says, before anything is decoded. A decoder that finds more than that refuses by itself.
    width, height = picture.size
    most = _MAX_PIXELS_WEBP if picture.format == "WEBP" else MAX_PIXELS
    if width * height > most or getattr(picture, "n_frames", 1) > _MAX_FRAMES:
        sentence = gettext("The picture is too large. Send one of at most {megapixels} megapixels.")
        raise NotAPicture(sentence.format(megapixels=most // 1_000_000))
    picture.seek(0)
    picture.draft("RGB", (_SIDE, _SIDE))
    transparent = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    wanted = "RGBA" if transparent else "RGB"
    if picture.mode in _WITHOUT_SHADES:
        plain = picture.convert(wanted)
    else:
        # Made small first: everything else then costs next to nothing.
        picture.thumbnail((_SIDE, _SIDE))
        plain = picture.convert(wanted)
    plain = ImageOps.exif_transpose(plain)
    plain.thumbnail((_SIDE, _SIDE))
    # A new canvas: `info` (EXIF, XMP, ICC) stays behind.
    canvas = Image.new(plain.mode, plain.size)
    canvas.paste(plain)
    out = io.BytesIO()
    canvas.save(out, "WEBP", quality=85, method=4)
    return out.getvalue()


def replace(user: User, webp_bytes: bytes, *, source: str) -> None:
    """Give the person this picture (the output of `reencode`). The old file goes after commit.

    Raises PictureNotStored.
    """
    name = picture_files.save(webp_bytes)
    try:
        with transaction.atomic():
            _set(user, avatar=name, source=source)
    except BaseException:
        picture_files.delete(name)
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
        transaction.on_commit(lambda: picture_files.delete(old))
