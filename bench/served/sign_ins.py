"""T21, T22: what a sign-in costs the server's processes: by password, and through a provider beside two peers."""

import threading
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import requests

from bench.results import Row
from bench.served import provider
from bench.served.house import House
from bench.served.probe import probe
from bench.served.process import Served
from bench.served.wrk import Sender

_MIB = 1024 * 1024
_AT_ONCE = 64


def measure(house: House, *, sign_ins: int, seconds: float) -> list[Row]:
    return [*_passwords(house, sign_ins=sign_ins, seconds=seconds), _through_a_provider(house, sign_ins=sign_ins)]


def _passwords(house: House, *, sign_ins: int, seconds: float) -> list[Row]:
    server, sender = house.servers["fairlead"], house.senders["Fairlead password"]
    one = _post(sender)
    one()
    peer = house.senders.get("simplejwt password")
    # The memory comes first: what many sign-ins leave behind would hide what one adds.
    before = server.memory()
    server.forget_peak()
    one()
    added = server.peak() - before
    cpu = _cpu(server, one, times=sign_ins)
    theirs = {} if peer is None else {"simplejwt, PBKDF2": _cpu(peer.server, _post(peer), times=sign_ins) * 1e3}
    server.forget_peak()
    crowd = Sender(sender.call, sender.url, server, sender.folder, sender.tokens, connections=_AT_ONCE, refusals=True)
    thread = threading.Thread(target=crowd.run, args=(seconds,))
    thread.start()
    p99 = probe(f"{house.urls['fairlead']}/livez", seconds=seconds * 0.9).p99
    thread.join()
    grown = (server.peak() - before) / _MIB
    return [
        Row(part="T21.cpu", measured=cpu * 1e3, peers=theirs),
        Row(part="T21.memory", measured=added / _MIB, note=f"{_AT_ONCE} at once add {grown:.0f} MiB"),
        Row(part="T21.livez", measured=p99),
    ]


def _post(sender: Sender) -> Callable[[], None]:
    session, headers = requests.Session(), {"Content-Type": "application/json"}

    def post() -> None:
        session.post(sender.url + sender.call.path, data=sender.call.body, headers=headers).raise_for_status()

    return post


def _cpu(server: Served, work: Callable[[], None], *, times: int) -> float:
    """Seconds of the server's own processor time for one of so many."""
    before = server.cpu()
    for _ in range(times):
        work()
    return (server.cpu() - before) / times


def _through_a_provider(house: House, *, sign_ins: int) -> Row:
    ways = {"fairlead": _fairlead, "mozilla": _mozilla, "allauth": _allauth}
    found = {}
    for name, way in ways.items():
        if name not in house.servers:
            continue
        url = house.urls[name]
        # Twice before it counts: a new person, then a warm process.
        way(url)
        way(url)
        found[name] = _cpu(house.servers[name], lambda way=way, url=url: way(url), times=sign_ins) * 1e3
    return Row(part="T22.cpu", measured=found.pop("fairlead"), peers=found)


def begin(browser: requests.Session, url: str) -> dict[str, str]:
    """Ask for a sign-in; what the provider would send the browser back with."""
    query = parse_qs(urlsplit(_sent_to(browser.get(url, allow_redirects=False))).query)
    return {"state": query["state"][0], "code": query.get("nonce", ["no-nonce"])[0]}


def _sent_to(answer: requests.Response) -> str:
    if answer.status_code != 302:
        raise RuntimeError(f"{answer.url}: {answer.status_code} instead of a redirect: {answer.text[:300]}")
    return answer.headers["Location"]


def _fairlead(url: str) -> None:
    browser = requests.Session()
    back = begin(browser, f"{url}/api/auth/oidc/initiate")
    place = _sent_to(browser.get(f"{url}/api/auth/oidc/callback", params=back, allow_redirects=False))
    code = parse_qs(urlsplit(place).query).get("code")
    if not code:
        raise RuntimeError(f"The sign-in failed: {place}")
    browser.post(f"{url}/api/auth/oidc/exchange", json={"code": code[0]}).raise_for_status()


def _mozilla(url: str) -> None:
    browser = requests.Session()
    back = begin(browser, f"{url}/oidc/authenticate/")
    _expect("/hello", _sent_to(browser.get(f"{url}/oidc/callback/", params=back, allow_redirects=False)))


def _allauth(url: str) -> None:
    browser = requests.Session()
    back = begin(browser, f"{url}/accounts/oidc/bench/login/")
    path = f"{url}/accounts/oidc/bench/login/callback/"
    _expect("/hello", _sent_to(browser.get(path, params=back, allow_redirects=False)))


def _expect(wanted: str, place: str) -> None:
    if urlsplit(place).path != wanted:
        raise RuntimeError(f"The sign-in ended at {place}")


def hang(url: str) -> None:
    """Come back from a provider whose token endpoint does not answer. Whatever the server says then is right."""
    browser = requests.Session()
    back = begin(browser, f"{url}/api/auth/oidc/initiate")
    browser.get(f"{url}/api/auth/oidc/callback", params=back, allow_redirects=False, timeout=provider.PATIENCE)
