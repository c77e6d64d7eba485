"""The picture of a provider: taken over when there is a new one, and never in the way of a sign-in."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from werkzeug import Response

from accounts import avatars
from accounts.models import User
from fairlead.conf import conf
from fairlead.own_threads import OwnThreads
from oidc_login.models import Identity
from tests.configure import configure
from tests.held_places import held_by_another


def png(colour="red", size=(20, 20)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def damaged_exif():
    """A JPEG to be turned upright whose width, by its EXIF, is a text: Pillow raises struct.error there."""
    out = io.BytesIO()
    width = b"\x01\x00\x00\x02\x00\x00\x00\x02x\x00\x00\x00"
    orientation = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    exif = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02" + width + orientation + b"\x00\x00\x00\x00"
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def gallery(browser):
    """The provider serves a picture at /picture."""
    provider = browser.provider
    provider.claims["picture"] = f"{provider.issuer}/picture"
    asked = []

    def serve(body=None, **headers):
        def answer(request):
            asked.append(dict(request.headers))
            if headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]:
                return Response(status=304)
            return Response(png() if body is None else body, content_type="image/png", headers=headers)

        provider.answers["picture"] = answer

    def follow(request):
        return provider.answers["picture"](request)

    provider.server.expect_request("/picture").respond_with_handler(follow)
    serve()
    browser.serve, browser.asked = serve, asked
    return browser


def signed_in(browser, code):
    return browser.exchange(browser.sign_in(code=code)["code"]).json()["user"]


def test_picture_becomes_the_avatar_and_is_served_by_us(gallery):
    user = signed_in(gallery, "a")
    assert user["profileImage"].startswith("/uploads/profiles/")
    served = gallery.client.get(user["profileImage"])
    assert (served.status_code, served["Content-Type"], served["X-Content-Type-Options"]) == (
        200,
        "image/webp",
        "nosniff",
    )
    assert Image.open(io.BytesIO(b"".join(served.streaming_content))).format == "WEBP"


def test_no_credential_goes_to_the_pictures_host(gallery):
    signed_in(gallery, "a")
    (headers,) = gallery.asked
    assert not {"Authorization", "Cookie"} & set(headers)


def test_picture_is_looked_at_again_after_a_day_with_its_tag(gallery):
    gallery.serve(ETag='"1"')
    with time_machine.travel("2026-01-01T12:00:00Z", tick=True) as clock:
        first = signed_in(gallery, "a")
        signed_in(gallery, "b")
        assert len(gallery.asked) == 1
        clock.shift(timedelta(hours=25))
        assert signed_in(gallery, "c")["profileImage"] == first["profileImage"]
        assert gallery.asked[1]["If-None-Match"] == '"1"'


def test_removed_picture_stays_removed_until_its_address_changes(gallery):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=True) as clock:
        signed_in(gallery, "a")
        User.objects.update(avatar="", avatar_source="none")
        clock.shift(timedelta(hours=25))
        assert signed_in(gallery, "b")["profileImage"] is None
        gallery.provider.claims["picture"] += "?2"
        assert signed_in(gallery, "c")["profileImage"] is not None


@pytest.mark.parametrize("known", [True, False], ids=["taken before", "never taken"])
def test_removing_ones_own_picture_does_not_bring_what_the_provider_showed_meanwhile(gallery, known):
    with time_machine.travel("2026-01-01T12:00:00Z", tick=True) as clock:
        if known:
            signed_in(gallery, "a")
        else:
            User.objects.create_user("person@example.org", None, verified_by="link")
        User.objects.update(avatar="profiles/mine-mine-mine-mine.webp", avatar_source="upload")
        gallery.provider.claims["picture"] += "?2"
        signed_in(gallery, "b")
        User.objects.update(avatar="", avatar_source="none")
        clock.shift(timedelta(hours=25))
        assert signed_in(gallery, "c")["profileImage"] is None
        gallery.provider.claims["picture"] += "?3"
        assert signed_in(gallery, "d")["profileImage"] is not None


def test_uploaded_picture_is_never_touched(gallery):
    User.objects.create_user(
        "person@example.org",
        None,
        verified_by="link",
        avatar="profiles/mine-mine-mine-mine.webp",
        avatar_source="upload",
    )
    assert signed_in(gallery, "a")["profileImage"] == "/uploads/profiles/mine-mine-mine-mine.webp"
    assert not gallery.asked


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>",
        png()[:40],
        damaged_exif(),
        b"GIF89a" + b"\xff" * 50,
    ],
    ids=["empty", "svg", "html", "cut off", "damaged exif", "junk"],
)
def test_picture_that_is_none_is_in_nobodys_way(gallery, body):
    gallery.serve(body)
    for code in ("a", "b"):
        assert signed_in(gallery, code)["profileImage"] is None
    # Looked at once: the next look is a day away.
    assert len(gallery.asked) == 1


def test_tag_that_cannot_be_kept_is_dropped(gallery, monkeypatch):
    from oidc_login.flow.pictures import _etag

    assert [_etag(sent) for sent in ('"ok"', '"a\x00b"', '"ä"', "x" * 300)] == ['"ok"', "", "", ""]


def test_folder_that_cannot_be_written_is_in_nobodys_way(gallery, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file"
    assert signed_in(gallery, "a")["profileImage"] is None
    assert gallery.client.get("/uploads/profiles/abcdefghijklmnopqrstuvwx.webp").status_code == 503


def test_host_inside_is_not_contacted(gallery, settings):
    """Only the provider's own origin, not every private origin of the operator's list."""
    configure(settings, OIDC_PRIVATE_ORIGINS=(*conf().oidc_private_origins, "http://127.0.0.1:1"))
    for address in (
        "http://127.0.0.1:1/x.png",
        "http://169.254.169.254/x",
        "file:///etc/passwd",
        "https://[::1]/x.png",
    ):
        gallery.provider.claims["picture"] = address
        assert signed_in(gallery, address[-20:].replace("/", "_"))["profileImage"] is None
    assert Identity.objects.get().picture_looked_at is not None


def test_tenth_sign_in_keeps_the_name_and_the_picture_that_the_person_chose(gallery):
    """Whatever the provider says of both at each of them."""
    body = gallery.exchange(gallery.sign_in(code="first")["code"]).json()
    token = {"Authorization": f"Bearer {body['access_token']}"}
    client = gallery.client
    client.patch("/api/auth/profile", {"name": "Chosen Name"}, content_type="application/json", headers=token)
    uploaded = client.post(
        "/api/auth/profile/image", {"image": SimpleUploadedFile("me.png", png("blue"), "image/png")}, headers=token
    ).json()["profileImage"]
    for number in range(2, 11):
        gallery.provider.claims |= {"name": f"Name {number}", "picture": f"{gallery.provider.issuer}/picture?{number}"}
        user = signed_in(gallery, f"code-{number}")
        assert (user["name"], user["profileImage"]) == ("Chosen Name", uploaded)
    assert len(gallery.asked) == 1


def test_sign_in_goes_on_without_the_picture_where_others_are_being_decoded(gallery, monkeypatch):
    threads = OwnThreads("pictures", 1, places=1, waiting=2, seconds=0.05)
    monkeypatch.setattr(avatars, "_threads", threads)
    with held_by_another(threads):
        assert signed_in(gallery, "a")["profileImage"] is None
    assert User.objects.get().avatar_source == "none"
