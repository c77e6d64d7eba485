"""Calls to addresses that the operator set for people's browsers: our own origin and the front ends.

They go round the guard of `idtokens.fetch`, which refuses private addresses and plain http: here the settings alone
choose the address, the call carries no credential, and nothing of the answer's body is shown.
"""

import socket
import ssl

import certifi
import requests
from django.utils.translation import gettext

from fairlead.conf import conf

CONNECT, READ = 3, 5  # seconds
_MOST = 4096  # bytes of a body


class Unreachable(Exception):
    """No answer. `told` says why in a sentence; `certificate` says that it is TLS."""

    def __init__(self, told: str, *, certificate: bool = False) -> None:
        super().__init__(told)
        self.told = told
        self.certificate = certificate


def get(url: str, *, headers: dict[str, str] | None = None) -> requests.Response:
    """One GET, without following redirects, with at most 4 KiB of its body as `content`. Raises Unreachable."""
    with requests.Session() as session:
        # Neither proxies nor .netrc of the environment: people's browsers have neither.
        session.trust_env = False
        session.verify = conf().outbound_ca_bundle or certifi.where()
        try:
            answer = session.get(
                url, headers=headers or {}, timeout=(CONNECT, READ), allow_redirects=False, stream=True
            )
            answer._content = answer.raw.read(_MOST, decode_content=True)
        except (requests.RequestException, OSError) as fault:
            raise _unreachable(fault) from None
        return answer


def _unreachable(fault: BaseException) -> Unreachable:
    chain = list(_causes(fault))
    for each in chain:
        match each:
            case ssl.SSLCertVerificationError():
                told = gettext("its certificate is not accepted: {why}.").format(why=each.verify_message)
                return Unreachable(told, certificate=True)
            case socket.gaierror():
                return Unreachable(gettext("no such name is known."))
            case ConnectionRefusedError():
                return Unreachable(gettext("nobody listens there."))
            case ssl.SSLError():
                return Unreachable(gettext("it does not speak TLS."), certificate=True)
    if any(isinstance(each, requests.Timeout | TimeoutError) for each in chain):
        return Unreachable(gettext("no answer within {seconds} seconds.").format(seconds=READ))
    return Unreachable(gettext("the connection failed ({kind}).").format(kind=type(fault).__name__))


def _causes(fault: BaseException | None) -> list[BaseException]:
    """The fault and what it was made from: requests and urllib3 wrap, by cause, by context, by `args` and `reason`."""
    found: list[BaseException] = []
    left = [fault]
    while left:
        each = left.pop(0)
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            left += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return found
