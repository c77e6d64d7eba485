"""Pictures: what is taken, what is stored, what is served."""

import io
import struct
import zlib

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.PngImagePlugin import PngImageFile, PngInfo
from PIL.WebPImagePlugin import WebPImageFile

from accounts import avatars
from accounts.errors import NotAPicture
from accounts.models import User
from fairlead.own_threads import OwnThreads
from tests.accounts.conftest import PASSWORD, refused
from tests.accounts.pictures import picture
from tests.held_places import held_by_another


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_the_four_kinds_become_webp_of_at_most_512_pixels(kind):
    stored = opened(avatars.reencode(picture(kind, (1200, 600))))
    assert (stored.format, stored.size) == ("WEBP", (512, 256))


def test_a_small_picture_is_not_blown_up():
    assert opened(avatars.reencode(picture(size=(40, 30)))).size == (40, 30)


def test_transparency_stays():
    assert opened(avatars.reencode(picture(mode="RGBA", color=(1, 2, 3, 0)))).mode == "RGBA"


def test_metadata_stays_behind_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010E] = "secret place"
    stored = avatars.reencode(
        picture("JPEG", (60, 40), exif=exif, comment=b"secret comment", icc_profile=b"secret icc")
    )
    assert opened(stored).size == (40, 60)
    assert b"secret" not in stored
    info = PngInfo()
    info.add_text("comment", "secret text")
    assert b"secret" not in avatars.reencode(picture("PNG", pnginfo=info))


def test_only_the_first_frame_is_kept():
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (10, 200, 90)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert getattr(opened(avatars.reencode(out.getvalue())), "n_frames", 1) == 1


def bomb(width, height):
    """A PNG of a few bytes that claims to be this large."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "nothing": b"",
    "text": b"hello",
    "svg": SVG,
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "bmp": picture("BMP"),
    "tiff": picture("TIFF"),
    "ico": picture("ICO"),
    "cut short": picture("PNG", (300, 300))[:-200],
    "only a head": b"\x89PNG\r\n\x1a\n",
    "gif head": b"GIF89a" + SVG,
    "bomb": bomb(60_000, 60_000),
    "wide bomb": bomb(2_000_000_000, 1),
    "large": bomb(8_000, 8_000),
    "too many bytes": picture("PNG") + b"\0" * (5 * 1024 * 1024),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused(name):
    with pytest.raises(NotAPicture):
        avatars.reencode(BAD[name])


def test_a_polyglot_is_not_stored_as_it_came():
    stored = avatars.reencode(picture("GIF") + SVG + b"PK\x03\x04")
    assert stored.startswith(b"RIFF")
    assert b"<svg" not in stored


def token_of(api, person):
    return api.login().json()["access_token"]


def upload(api, token, data, name="me.png", kind="image/png"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return api.client.post(
        "/api/auth/profile/image",
        {"image": SimpleUploadedFile(name, data, kind)},
        headers={"authorization": f"Bearer {token}"},
    )


def test_a_picture_is_uploaded_served_replaced_and_removed(api, person, django_capture_on_commit_callbacks):
    token = token_of(api, person)
    first = upload(api, token, picture(), name="../../evil.svg", kind="image/svg+xml").json()["profileImage"]
    assert first.startswith("/uploads/profiles/")
    served = api.client.get(first)
    assert served.status_code == 200
    assert served.headers["Content-Type"] == "image/webp"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in served.headers["Cache-Control"]
    assert b"".join(served.streaming_content).startswith(b"RIFF")
    with django_capture_on_commit_callbacks(execute=True):
        second = upload(api, token, picture(color=(0, 0, 0))).json()["profileImage"]
    assert second != first
    assert api.client.get(first).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        removed = api.call("delete", "profile/image", token=token)
    assert removed.json()["profileImage"] is None
    assert api.client.get(second).status_code == 404
    assert default_storage.listdir("profiles")[1] == []


def test_a_refused_upload_leaves_the_old_picture(api, person):
    token = token_of(api, person)
    before = upload(api, token, picture()).json()["profileImage"]
    refused(upload(api, token, SVG, kind="image/png"), 400, "invalid_request")
    refused(upload(api, token, picture() + b"\0" * 5 * 1024 * 1024), 400, "invalid_request")
    refused(upload(api, token, b"\0" * (6 * 1024 * 1024)), 413, "body_too_large")
    refused(
        api.client.post("/api/auth/profile/image", headers={"authorization": f"Bearer {token}"}), 400, "invalid_request"
    )
    refused(api.post("profile/image", {"image": "x"}, token=token), 415, "unsupported_media_type")
    assert api.get("me", token=token).json()["profileImage"] == before


@pytest.mark.parametrize(
    "path",
    [
        "../../config/settings.py",
        "..%2f..%2fsettings.webp",
        "x.webp",
        "x" * 24 + ".svg",
        "x" * 24 + ".webp/",
        "a" * 24 + ".webp",
    ],
)
def test_no_other_file_is_served(client, db, path):
    assert client.get(f"/uploads/profiles/{path}").status_code == 404


def test_a_picture_whose_metadata_breaks_the_decoder_is_none():
    exif = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02\x01\x00\x00\x02\x00\x00\x00\x02x\x00\x00\x00"
    exif += b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    with pytest.raises(NotAPicture):
        avatars.reencode(out.getvalue())


@pytest.mark.parametrize(
    ("kind", "size", "taken"),
    [
        ("PNG", (4000, 3000), True),
        ("PNG", (4001, 3000), False),
        ("GIF", (4001, 3000), False),
        ("JPEG", (4001, 3000), False),
        ("WEBP", (4000, 2000), True),
        ("WEBP", (4001, 2000), False),
        ("WEBP", (6320, 6320), False),
    ],
)
def test_decoded_pixels_are_bounded_before_anything_is_decoded(kind, size, taken, monkeypatch):
    data, loaded = picture(kind, size, **({"lossless": True} if kind == "WEBP" else {})), []
    original = ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: loaded.append(self.format) or original(self))
    for cls in (WebPImageFile, PngImageFile, GifImageFile):
        own = cls.load
        monkeypatch.setattr(cls, "load", lambda self, _own=own: loaded.append(self.format) or _own(self))
    if taken:
        assert opened(avatars.reencode(data)).size[0] == 512
        assert loaded
    else:
        with pytest.raises(NotAPicture):
            avatars.reencode(data)
        assert not loaded


@pytest.fixture
def another_is_decoded(monkeypatch):
    """Somebody's picture is being decoded, and nobody may wait longer than a moment."""
    threads = OwnThreads("pictures", 1, places=1, waiting=2, seconds=0.05)
    monkeypatch.setattr(avatars, "_threads", threads)
    with held_by_another(threads):
        yield


def test_one_picture_is_decoded_at_a_time(api, person, another_is_decoded):
    answer = upload(api, token_of(api, person), picture())
    refused(answer, 429, "throttled")
    assert int(answer.headers["Retry-After"]) >= 1
    assert not User.objects.get().avatar


def test_page_says_so_too(client, person, another_is_decoded):
    client.post("/login", {"email": "person@example.org", "password": PASSWORD})
    file = SimpleUploadedFile("x.png", picture(), content_type="image/png")
    answer = client.post("/account/picture", {"picture-image": file})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert b"Send it again in a moment" in answer.content


def test_a_person_sends_twenty_pictures_an_hour(api, person):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        token = token_of(api, person)
        assert [upload(api, token, picture()).status_code for _ in range(21)] == [200] * 20 + [429]
        other = User.objects.create_user("other@example.org", PASSWORD)
        assert upload(api, api.login(other.email).json()["access_token"], picture()).status_code == 200
