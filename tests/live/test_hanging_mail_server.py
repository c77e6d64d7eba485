"""A mail server that accepts connections and says nothing: nobody waits for it, and no mail is lost."""

import time

import pytest
import requests

from tests.mail_server import MailServer
from tests.servers import StartServer

pytestmark = pytest.mark.servers
PASSWORD = "correct horse battery"
TIMEOUT = 5  # seconds; our patience with a mail server is ten
PEOPLE = [f"person-{number}@example.org" for number in range(6)]


def test_mails_wait_and_their_requests_do_not(start_server: StartServer) -> None:
    with MailServer() as mails:
        server = start_server(WEB_CONCURRENCY="1", THREADS="2", EMAIL_URL=f"smtp://127.0.0.1:{mails.port}")
        server.python(
            "from accounts.models import User\n"
            f"for each in {PEOPLE!r}: User.objects.create_user(each, {PASSWORD!r}, verified_by='link')"
        )

        def post(path: str, **body: str) -> int:
            return requests.post(f"{server.url}/api/auth/{path}", json=body, timeout=TIMEOUT).status_code

        with mails.hung():
            # Three for each thread: had one of them to wait for the mail server, the last of these would be late.
            assert [post("password-reset", email=each) for each in PEOPLE] == [202] * 6
            assert mails.called.wait(TIMEOUT)
            assert [post("login", email=each, password=PASSWORD) for each in PEOPLE] == [200] * 6
            waiting = server.python(
                "from fairlead.web.models import OutgoingMail\n"
                "print(sorted(OutgoingMail.objects.values_list('kind', 'state')))"
            )
            assert waiting == str([("reset_password", "waiting")] * 6)
            assert mails.taken == []
        ends = time.monotonic() + 120
        while len(mails.taken) < 6 and time.monotonic() < ends:
            time.sleep(0.2)
        went = [line.removeprefix("To: ") for mail in mails.taken for line in mail if line.startswith("To: ")]
        assert sorted(went) == PEOPLE
