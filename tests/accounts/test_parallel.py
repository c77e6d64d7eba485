"""Fifty at once, against the real server command with its worker processes, on the database at hand."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests

pytestmark = pytest.mark.servers
TIMES = 50
PERSON = {"email": "parallel@example.org", "password": "correct horse battery", "name": "Parallel Person"}


def at_once(server, path, bodies, headers=None):
    barrier = Barrier(len(bodies))

    def call(body):
        barrier.wait(timeout=30)
        for _ in range(30):
            answer = requests.post(f"{server.url}/api/auth/{path}", json=body, headers=headers, timeout=60)
            if answer.status_code != 429:
                break
            # Too many passwords are being hashed: nothing was done, so the client comes again.
            time.sleep(int(answer.headers["Retry-After"]))
        return answer

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(call, bodies))


def statuses(responses):
    return Counter(response.status_code for response in responses)


@pytest.fixture(scope="module")
def registered(server):
    answers = at_once(server, "register", [PERSON] * TIMES)
    assert statuses(answers) == {201: 1, 409: TIMES - 1}
    return next(answer for answer in answers if answer.status_code == 201).json()


def test_one_address_is_registered_once(server, registered):
    assert server.python("from accounts.models import User; print(User.objects.count())") == "1"


def test_one_refresh_token_has_one_successor(server, registered):
    token = registered["refresh_token"]
    for _ in range(3):
        answers = at_once(server, "refresh", [{"refresh_token": token}] * TIMES)
        assert statuses(answers) == {200: TIMES}
        (token,) = {answer.json()["refresh_token"] for answer in answers}


def test_a_stolen_token_ends_the_family_and_is_recorded_once(server, registered):
    first = requests.post(f"{server.url}/api/auth/login", json=PERSON, timeout=30).json()["refresh_token"]
    second = at_once(server, "refresh", [{"refresh_token": first}])[0].json()["refresh_token"]
    third = at_once(server, "refresh", [{"refresh_token": second}])[0].json()["refresh_token"]
    assert statuses(at_once(server, "refresh", [{"refresh_token": first}] * TIMES)) == {401: TIMES}
    assert statuses(at_once(server, "refresh", [{"refresh_token": third}])) == {401: 1}
    counted = (
        "from fairlead.audit.models import AuditEvent; print(AuditEvent.objects.filter(event='refresh_reused').count())"
    )
    assert server.python(counted) == "1"


def test_a_mailed_link_is_followed_once(server, registered):
    mails = "".join(path.read_text() for path in server.mails.iterdir())
    (token,) = set(re.findall(r"verify-email\?token=(\S+)", mails.replace("=\n", "").replace("=3D", "=")))
    signed_in = {"Authorization": f"Bearer {registered['access_token']}"}
    answers = at_once(server, "email/verify", [{"token": token}] * TIMES, headers=signed_in)
    assert statuses(answers) == {204: 1, 400: TIMES - 1}


def test_nothing_failed_and_no_secret_was_logged(server, registered):
    assert "Traceback" not in server.log
    assert registered["refresh_token"] not in server.log
    assert PERSON["password"] not in server.log
