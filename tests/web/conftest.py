"""An installation where all is well, for the tests of `manage.py doctor`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from tests.health import World
from tests.mail_server import MailServer


@pytest.fixture
def world(settings: Any, monkeypatch: Any, tmp_path: Path, db: None) -> Iterator[World]:
    with MailServer() as server:
        settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        settings.SECURE_HSTS_SECONDS = 31536000
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.MEDIA_ROOT = tmp_path / "uploads"
        found = World(settings, monkeypatch, tmp_path, server)
        found.configure(ORIGIN="https://login.example.org", TRUSTED_PROXIES=1)
        found.write()
        User.objects.create_superuser("chief@example.org", "a long enough password")
        yield found
