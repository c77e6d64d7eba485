"""Pictures in a bucket, and on storages that fail."""

import errno
from collections.abc import Iterator

import boto3
import pytest
import requests
from django.core.files.storage import FileSystemStorage, default_storage, storages
from moto.server import ThreadedMotoServer

from accounts.models import User
from config import services
from tests.accounts.conftest import PASSWORD
from tests.accounts.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings) -> Iterator[object]:
    """An S3 server on loopback, and the storage that the site's own setting makes of its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    # Its buckets outlive the server: they are kept in this process.
    requests.post(f"{endpoint}/moto-api/reset", timeout=5).raise_for_status()
    s3 = boto3.resource(
        "s3", endpoint_url=endpoint, region_name="eu-central-1",
        aws_access_key_id="key", aws_secret_access_key="secret",
    )  # fmt: skip
    made = s3.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    use(settings, services.uploads(f"s3://key:secret@pictures/people?region=eu-central-1&endpoint={endpoint}"))
    yield made, server
    server.stop()


def use(settings, storage) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.fixture
def signed_in(client) -> User:
    user = User.objects.create_user("person@example.org", PASSWORD)
    client.post("/login", {"email": user.email, "password": PASSWORD})
    return user


def upload(client):
    data = {"picture-image": ContentUpload(picture("PNG"))}
    return client.post("/account/picture", data)


def ContentUpload(data: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("me.png", data, content_type="image/png")


def keys(bucket) -> list[str]:
    return [each.key for each in bucket[0].objects.all()]


def test_a_picture_lives_in_the_bucket_and_is_served_from_here(
    client, bucket, signed_in, django_capture_on_commit_callbacks
):
    assert upload(client).status_code == 302
    signed_in.refresh_from_db()
    assert keys(bucket) == [f"people/{signed_in.avatar}"]
    served = client.get(signed_in.profile_image)
    content = b"".join(served.streaming_content)
    assert served["Content-Type"] == "image/webp"
    assert content[:4] == b"RIFF"
    first = keys(bucket)
    with django_capture_on_commit_callbacks(execute=True):
        upload(client)
    assert len(keys(bucket)) == 1
    assert keys(bucket) != first
    assert client.get(signed_in.profile_image).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/picture", {"remove": "1"})
    assert keys(bucket) == []


def test_a_bucket_that_is_away_costs_a_picture_and_nothing_else(client, bucket, signed_in):
    upload(client)
    signed_in.refresh_from_db()
    bucket[1].stop()
    refused = upload(client)
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert b"Pictures cannot be kept at the moment" in refused.content
    served = client.get(signed_in.profile_image)
    assert (served.status_code, served["Retry-After"]) == (503, "60")
    assert client.get("/account").status_code == 200


class FullDisk(FileSystemStorage):
    """Keeps the first bytes, then has no room: what a full file system does."""

    def _save(self, name, content):
        super()._save(name, type(content)(content.read()[:10]))
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_no_half_picture(client, settings, signed_in, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    use(settings, {"BACKEND": f"{__name__}.FullDisk"})
    answer = client.post(
        "/api/auth/login", {"email": signed_in.email, "password": PASSWORD}, content_type="application/json"
    )
    token = answer.json()["access_token"]
    refused = client.post(
        "/api/auth/profile/image",
        {"image": ContentUpload(picture("PNG"))},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused["Retry-After"] == "60"
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]
    signed_in.refresh_from_db()
    assert not signed_in.avatar


def test_the_default_stays_a_folder():
    assert isinstance(storages["default"], FileSystemStorage)
    assert default_storage.listdir is not None
