"""An installation without a mail server."""

import logging

import pytest
from django.core.mail import EmailMessage, get_connection


def test_unsent_mail_is_said_without_what_it_said(caplog: pytest.LogCaptureFixture) -> None:
    backend = get_connection("config.mail.NotConfiguredBackend")
    with caplog.at_level(logging.WARNING):
        sent = backend.send_messages([EmailMessage("subject", "https://x.example/?token=abc", to=["a@example.org"])])
    assert sent == 0
    assert "EMAIL_URL is not set" in caplog.text
    assert "abc" not in caplog.text
