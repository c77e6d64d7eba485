"""Each thing that DNS can say about a challenge, against a real server."""

import sys
import time
from collections.abc import Iterator

import dns.rcode
import dns.resolver
import pytest

from fairlead.orgs import txt_records
from fairlead.orgs.txt_records import NotKnown, Seen, TxtAnswer
from tests import dns_server
from tests.dns_server import DnsServer
from tests.ports import free_port

HOST = "_fairlead-challenge.acme.example"
NAME = f"{HOST}."
WANTED = "fairlead=login.example.org org=acme token=0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def running() -> Iterator[DnsServer]:
    with DnsServer() as server:
        yield server


@pytest.fixture
def server(running: DnsServer) -> DnsServer:
    running.zone.clear()
    running.asked.clear()
    return running


def look_up(server: DnsServer, *, lifetime: float = 40.0) -> TxtAnswer:
    return txt_records.look_up(HOST, expected=WANTED, name_servers=[server.address], lifetime=lifetime)


def test_the_record_is_found(server: DnsServer) -> None:
    server.zone[NAME] = dns_server.txt(f'"{WANTED}"')
    assert look_up(server) == TxtAnswer(seen=Seen.FOUND, texts=(WANTED,))
    assert not look_up(server).absent


def test_the_record_is_found_in_pieces_and_among_others(server: DnsServer) -> None:
    server.zone[NAME] = dns_server.txt('"v=spf1 -all"', f'"{WANTED[:20]}" "{WANTED[20:]}"')
    assert look_up(server).seen is Seen.FOUND


def test_pieces_are_joined_without_anything_between(server: DnsServer) -> None:
    server.zone[NAME] = dns_server.txt('"fairlead=login.example.org" "org=acme token=0123456789abcdef0123456789abcdef"')
    assert look_up(server).seen is Seen.OTHER_TXT


@pytest.mark.parametrize(
    ("behaviour", "seen"),
    [
        (dns_server.failing(dns.rcode.NXDOMAIN), Seen.NO_NAME),
        (dns_server.answer(), Seen.NO_TXT),
        (dns_server.txt('"fairlead=other"'), Seen.OTHER_TXT),
        (dns_server.txt(f'"{WANTED} "'), Seen.OTHER_TXT),
        (dns_server.txt(f'"{WANTED.upper()}"'), Seen.OTHER_TXT),
        (dns_server.txt('""'), Seen.OTHER_TXT),
    ],
)
def test_an_answer_without_the_record_is_absent(server: DnsServer, behaviour: dns_server.Behaviour, seen: Seen) -> None:
    server.zone[NAME] = behaviour
    assert look_up(server).seen is seen
    assert look_up(server).absent


def test_quotation_marks_that_a_zone_editor_added_are_told_apart(server: DnsServer) -> None:
    server.zone[NAME] = dns_server.txt(f'"\\"{WANTED}\\""')
    found = look_up(server)
    assert (found.seen, found.quoted) == (Seen.OTHER_TXT, True)
    server.zone[NAME] = dns_server.txt('"\\"something else\\""')
    assert not look_up(server).quoted


TARGET = f'attacker.example. 60 IN TXT "{WANTED}"'


@pytest.mark.parametrize(
    "behaviour",
    [
        dns_server.answer(f"{NAME} 60 IN CNAME attacker.example.", TARGET),
        dns_server.answer(f"{NAME} 60 IN CNAME attacker.example."),
        dns_server.answer(f"{NAME} 60 IN CNAME attacker.example.", rcode=dns.rcode.NXDOMAIN),
        dns_server.answer(f"{NAME} 60 IN CNAME attacker.example.", "attacker.example. 60 IN CNAME b.example.",
                          f'b.example. 60 IN TXT "{WANTED}"'),
        dns_server.answer("acme.example. 60 IN DNAME other.example.", f"{NAME} 60 IN CNAME attacker.example.", TARGET),
    ],
    ids=["with the text", "to nothing", "to no name", "two steps", "made of a DNAME"],
)  # fmt: skip
def test_r16_a_cname_is_not_followed_and_its_target_is_told(server: DnsServer, behaviour: dns_server.Behaviour) -> None:
    server.zone[NAME] = behaviour
    found = look_up(server)
    assert (found.seen, found.target, found.texts) == (Seen.CNAME, "attacker.example", ())
    assert found.absent


def test_an_answer_about_another_name_is_no_answer(server: DnsServer) -> None:
    server.zone[NAME] = dns_server.answer(TARGET)
    assert look_up(server).seen is Seen.NO_TXT


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (dns_server.failing(dns.rcode.SERVFAIL), NotKnown.SERVERS_FAIL),
        (dns_server.failing(dns.rcode.REFUSED), NotKnown.SERVERS_REFUSE),
        (dns_server.failing(dns.rcode.YXDOMAIN), NotKnown.SERVERS_FAIL),
        (dns_server.answer(f"{NAME} 60 IN CNAME {NAME}"), NotKnown.SERVERS_FAIL),
    ],
    ids=["SERVFAIL", "REFUSED", "YXDOMAIN", "CNAME loop"],
)
def test_a_server_that_fails_says_nothing_about_the_record(
    server: DnsServer, behaviour: dns_server.Behaviour, reason: NotKnown
) -> None:
    server.zone[NAME] = behaviour
    assert look_up(server) == TxtAnswer(seen=Seen.NOT_KNOWN, reason=reason)
    assert not look_up(server).absent


@pytest.mark.parametrize(
    "behaviour",
    [
        dns_server.silent,
        dns_server.wrong_id,
        dns_server.wrong_class,
        dns_server.garbage,
        dns_server.hanging_over_tcp,
    ],
    ids=["silent", "wrong id", "wrong class", "garbage", "TCP hangs"],
)
def test_a_server_that_is_silent_or_talks_nonsense_says_nothing_about_the_record(
    server: DnsServer, behaviour: dns_server.Behaviour
) -> None:
    server.zone[NAME] = behaviour
    began = time.monotonic()
    found = look_up(server, lifetime=0.5)
    assert time.monotonic() - began < 20
    assert found.seen is Seen.NOT_KNOWN
    assert found.reason in {NotKnown.SERVERS_SILENT, NotKnown.SERVERS_FAIL}
    assert not found.absent


def test_a_closed_port_is_not_known() -> None:
    found = txt_records.look_up(HOST, expected=WANTED, name_servers=[("127.0.0.1", free_port())], lifetime=0.5)
    assert found.seen is Seen.NOT_KNOWN


def test_the_second_server_answers_where_the_first_is_dead(server: DnsServer) -> None:
    server.zone[NAME] = dns_server.txt(f'"{WANTED}"')
    servers = [("127.0.0.1", free_port()), server.address]
    assert txt_records.look_up(HOST, expected=WANTED, name_servers=servers, lifetime=8).seen is Seen.FOUND


@pytest.mark.parametrize("count", [41, 250])
def test_a_truncated_answer_is_fetched_over_tcp(server: DnsServer, count: int) -> None:
    server.zone[NAME] = dns_server.txt(*(f'"{number:0100d}"' for number in range(count)), f'"{WANTED}"')
    assert look_up(server).seen is Seen.FOUND
    assert server.asked[0] == (NAME, False)
    assert (NAME, True) in server.asked


def test_texts_for_people_are_few_short_and_printable(server: DnsServer) -> None:
    texts = ['"a\\000b\\010c"', '"\\226\\128\\174turned"', '"\\255"', f'"{"x" * 250}" "{"y" * 250}"', '"<b>"', '"six"']
    server.zone[NAME] = dns_server.txt(*texts)
    found = look_up(server)
    assert found.seen is Seen.OTHER_TXT
    assert found.texts == ("a\ufffdb\ufffdc", "\ufffdturned", "\ufffd", "x" * 100, "<b>")


def test_the_wanted_text_counts_beyond_the_five_that_are_shown(server: DnsServer) -> None:
    server.zone[NAME] = dns_server.txt(*(f'"{number}"' for number in range(7)), f'"{WANTED}"')
    assert look_up(server).seen is Seen.FOUND


def test_the_search_list_of_the_machine_plays_no_part(server: DnsServer) -> None:
    look_up(server)
    assert set(server.asked) == {(NAME, False)}


def test_without_dnspython_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.split(".")[0] == "dns"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "dns", None)
    found = txt_records.look_up(HOST, expected=WANTED)
    assert (found.seen, found.reason) == (Seen.NOT_KNOWN, NotKnown.NO_LIBRARY)


def test_a_machine_without_resolvers_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(resolver: dns.resolver.Resolver, *_: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", unreadable)
    found = txt_records.look_up(HOST, expected=WANTED)
    assert (found.seen, found.reason) == (Seen.NOT_KNOWN, NotKnown.NO_RESOLVER)
