"""Mails are rows of the transaction that asked for them, and wait there until a mail server took them."""

import json
import logging
import smtplib
import threading
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fairlead.web import mail_thread, outbox
from fairlead.web.models import OutgoingMail
from tests.configure import configure
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State
LINK = "http://testserver/reset?token=flm_secret"


def put(to: str = "person@example.org", *, good_for: timedelta = timedelta(hours=1)) -> OutgoingMail:
    outbox.put("reset_password", to=to, subject="Reset", body=f"{LINK}\n", good_for=good_for)
    return OutgoingMail.objects.latest("created_at")


@pytest.fixture
def broken(monkeypatch):
    """A mail server that answers as the test says, each time."""
    answers = {"fault": OSError("connection refused")}

    def send(self):
        if answers["fault"] is not None:
            raise answers["fault"]
        mail.outbox.append(self)
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    return answers


def come_back_later() -> None:
    OutgoingMail.objects.filter(state=State.WAITING).update(next_try_at=timezone.now())


def test_a_sent_mail_is_empty():
    row = put()
    (sent,) = mail.outbox
    assert (sent.subject, sent.to, sent.body) == ("Reset", ["person@example.org"], f"{LINK}\n")
    assert (row.state, row.message, row.tries) == (State.SENT, None, 1)
    assert row.ended_at is not None


def test_a_mail_that_is_rolled_back_is_not_sent():
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert not mail.outbox
    assert not OutgoingMail.objects.exists()


def test_what_a_mail_server_does_not_take_waits_and_goes_later(broken, caplog):
    row = put()
    assert (row.state, row.tries, row.cause) == (State.WAITING, 1, "OSError")
    assert row.next_try_at > timezone.now()
    assert "mail not sent yet" in caplog.text
    assert outbox.send_due() == outbox.Round(waiting=1)
    come_back_later()
    broken["fault"] = None
    assert outbox.send_due() == outbox.Round(sent=1)
    (sent,) = mail.outbox
    assert sent.extra_headers["Message-ID"] == f"<{row.pk}@testserver>"


def test_while_it_waits_it_can_be_read_by_nobody_who_holds_the_table(broken):
    put()
    with connection.cursor() as cursor:
        cursor.execute("SELECT message FROM fairlead_web_outgoingmail")
        (kept,) = cursor.fetchone()
    assert "person" not in kept
    assert "flm_" not in kept
    assert json.loads(OutgoingMail.objects.get().message)["to"] == "person@example.org"


def test_a_mail_is_given_up_loudly_when_its_links_are_of_no_use_any_more(broken, caplog):
    put(good_for=timedelta(minutes=5))
    for _ in range(10):
        come_back_later()
        outbox.send_due()
    row = OutgoingMail.objects.get()
    assert (row.state, row.message, row.cause) == (State.GIVEN_UP, None, "OSError")
    assert row.tries > 1
    assert [each for each in caplog.records if each.message == "mail given up" and each.levelno == logging.ERROR]


def test_a_recipient_that_is_refused_for_good_is_given_up_at_once(broken):
    broken["fault"] = smtplib.SMTPRecipientsRefused({"person@example.org": (550, b"no such user")})
    assert put().state == State.GIVEN_UP


def test_a_recipient_that_is_refused_for_now_is_tried_again(broken):
    broken["fault"] = smtplib.SMTPRecipientsRefused({"person@example.org": (451, b"greylisted")})
    assert put().state == State.WAITING


def test_no_address_is_logged(broken, caplog):
    broken["fault"] = smtplib.SMTPRecipientsRefused({"person@example.org": (550, b"person@example.org unknown")})
    put()
    assert "mail given up" in caplog.text
    assert not [each for each in caplog.records if "person@" in str(each.__dict__)]


def test_a_backend_that_sends_nothing_has_not_sent_it(settings):
    settings.EMAIL_BACKEND = "config.mail.NotConfiguredBackend"
    assert (put().state, put().cause) == (State.WAITING, "NotTaken")


def test_a_process_that_died_over_a_mail_does_not_keep_it_for_ever(broken):
    row = put()
    claimed = OutgoingMail.objects.filter(pk=row.pk)
    claimed.update(next_try_at=timezone.now() + outbox.CLAIM)
    assert outbox.send_due() == outbox.Round(waiting=1)
    claimed.update(next_try_at=timezone.now())
    broken["fault"] = None
    assert outbox.send_due() == outbox.Round(sent=1)


def test_of_many_processes_one_sends(broken):
    put()
    come_back_later()
    broken["fault"] = None
    start = threading.Barrier(8)
    rounds = []

    def work() -> None:
        start.wait()
        rounds.append(outbox.send_due())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(each.sent for each in rounds) == 1
    assert len(mail.outbox) == 1


def test_a_mail_that_no_key_decrypts_is_given_up_and_stops_no_other(broken, settings, caplog):
    put()
    configure(settings, ENCRYPTION_KEYS=[Fernet.generate_key().decode()])
    put("another@example.org")
    come_back_later()
    broken["fault"] = None
    assert outbox.send_due() == outbox.Round(sent=1, failed=1)
    assert "mail given up" in caplog.text


def test_for_nobody_there_is_a_row_and_no_mail():
    row = put("")
    assert (row.state, row.message) == (State.FOR_NOBODY, None)
    assert not mail.outbox
    assert outbox.send_due() == outbox.Round()


def test_asking_for_a_reset_makes_one_row_whether_there_is_an_account_or_not(client, django_user_model):
    django_user_model.objects.create_user("person@example.org", "correct horse battery")
    for address in ("person@example.org", "nobody@example.org"):
        answer = client.post("/api/auth/password-reset", {"email": address}, content_type="application/json")
        assert answer.status_code == 202
    assert set(OutgoingMail.objects.values_list("kind", "state")) == {
        ("reset_password", State.SENT),
        ("reset_password", State.FOR_NOBODY),
    }
    assert [each.to for each in mail.outbox] == [["person@example.org"]]


def test_the_database_keeps_no_ended_mail_with_a_text():
    row = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.filter(pk=row.pk).update(message="kept")


def test_the_server_s_thread_sends(settings, monkeypatch):
    configure(settings, MAIL_IN_BACKGROUND=True)
    names = []

    def send(self):
        names.append(threading.current_thread().name)
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    put()
    mail_thread.stop()
    assert names == ["mail"]
    assert OutgoingMail.objects.get().state == State.SENT


@pytest.mark.parametrize("seconds", [0.5, None])
def test_whoever_wants_a_mail_does_not_wait_for_a_mail_server_that_hangs(settings, monkeypatch, seconds):
    """Also in a project without EMAIL_TIMEOUT, where it would keep the thread for ever."""
    configure(settings, MAIL_IN_BACKGROUND=True)
    monkeypatch.setattr(outbox, "PATIENCE", 0.5)
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", seconds
    with MailServer() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        with server.hung():
            assert put().cause == ""
            put("another@example.org")
            assert server.called.wait(20)
            mail_thread.stop()
            assert set(OutgoingMail.objects.values_list("state", "cause", "tries")) == {
                ("waiting", "SMTPServerDisconnected", 1)
            }
        come_back_later()
        assert outbox.send_due() == outbox.Round(sent=2)
        assert len(server.taken) == 2


def test_a_fault_of_ours_ends_the_round_and_not_the_thread(settings, monkeypatch, caplog):
    configure(settings, MAIL_IN_BACKGROUND=True)
    sent = []

    def send(self):
        if not sent:
            sent.append("failed")
            raise ZeroDivisionError
        sent.append("sent")
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    put()
    put()
    mail_thread.stop()
    assert "mail failed" in caplog.text
    assert "sent" in sent


def test_the_command_tells_what_became_of_them(broken):
    put()
    out = StringIO()
    call_command("send_mails", stdout=out)
    assert out.getvalue() == "0 sent, 0 failed, 1 waiting\n"
    come_back_later()
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("send_mails", stdout=out)
    come_back_later()
    broken["fault"] = None
    call_command("send_mails", stdout=out)
    assert out.getvalue().endswith("1 sent, 0 failed, 0 waiting\n")


def test_ended_mails_go_after_a_month(broken):
    ended, waiting = put(""), put()
    now = timezone.now()
    assert outbox.forget_ended(now) == 0
    assert outbox.forget_ended(now + timedelta(days=31)) == 1
    assert not OutgoingMail.objects.filter(pk=ended.pk).exists()
    assert OutgoingMail.objects.filter(pk=waiting.pk).exists()


def test_the_admin_lists_them_without_their_text(broken, admin_client):
    row = put()
    listed = admin_client.get("/admin/fairlead_web/outgoingmail/")
    assert b"OSError" in listed.content
    opened = admin_client.get(f"/admin/fairlead_web/outgoingmail/{row.pk}/change/")
    assert opened.status_code == 200
    assert b"person@example.org" not in opened.content
    assert b"flm_" not in opened.content
