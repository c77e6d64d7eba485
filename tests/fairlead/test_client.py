"""The client's address and network: one answer for every counter and record."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from fairlead import client
from tests.configure import configure
from tests.house import sources


def request(rf: RequestFactory, forwarded: str | None, remote: str = "192.0.2.1") -> Any:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return rf.get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "unknown", "192.0.2.1"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::7]:4711", "2001:db8::7"),
        (1, "203.0.113.7'; DROP", "192.0.2.1"),
    ],
)
def test_a_forwarded_address_counts_only_behind_our_proxies(
    rf: RequestFactory, settings: Any, proxies: int, forwarded: str | None, counted: str
) -> None:
    configure(settings, TRUSTED_PROXIES=proxies)
    assert client.address(request(rf, forwarded)) == counted


@pytest.mark.parametrize(
    ("remote", "address", "network"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("2001:DB8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%" + "x" * 5000, "fe80::1", "fe80::/64"),
        ("", "0.0.0.0", "0.0.0.0"),
        ("/run/socket", "0.0.0.0", "0.0.0.0"),
    ],
)
def test_one_client_has_one_network_however_its_address_is_written(
    rf: RequestFactory, remote: str, address: str, network: str
) -> None:
    found = request(rf, None, remote)
    assert (client.address(found), client.network(found)) == (address, network)


def test_the_connection_is_left_as_the_host_project_knows_it(rf: RequestFactory, settings: Any) -> None:
    configure(settings, TRUSTED_PROXIES=1)
    found = request(rf, "203.0.113.7")
    client.network(found)
    assert found.META["REMOTE_ADDR"] == "192.0.2.1"


def test_nobody_else_reads_where_a_request_comes_from() -> None:
    readers = [path.name for path in sources() if {"REMOTE_ADDR", "X_FORWARDED_FOR"} & words(path)]
    assert readers == ["client.py"]


def words(path: Path) -> set[str]:
    return set(re.findall(r"REMOTE_ADDR|X_FORWARDED_FOR", path.read_text()))


def test_more_proxies_than_there_are_is_logged_once(rf, settings, caplog):
    configure(settings, TRUSTED_PROXIES=2)
    for _ in range(3):
        client.address(rf.get("/", headers={"X-Forwarded-For": "203.0.113.7"}))
    client.address(rf.get("/"))
    (line,) = [each for each in caplog.records if each.name == "fairlead.client"]
    assert line.getMessage().startswith("TRUSTED_PROXIES is higher")
    assert (line.TRUSTED_PROXIES, line.proxies) == (2, 1)


def test_as_many_proxies_as_there_are_is_not_logged(rf, settings, caplog):
    configure(settings, TRUSTED_PROXIES=1)
    client.address(rf.get("/", headers={"X-Forwarded-For": "203.0.113.7"}))
    assert not [each for each in caplog.records if each.name == "fairlead.client"]
