"""What of the network an outbound call failed by, told apart: each is mended by somebody else.

requests and urllib3 wrap the error that was there first in others of their own; here it is taken out again.
"""

import ssl
from collections.abc import Iterator

import requests
import urllib3

from fairlead.idtokens.destinations import Destination
from fairlead.idtokens.errors import FetchFailed, NetworkFault

# OpenSSL, X509_V_ERR_*
_CERTIFICATES = {
    9: NetworkFault.TLS_EXPIRED,  # not yet valid: a clock, here or there
    10: NetworkFault.TLS_EXPIRED,
    18: NetworkFault.TLS_SELF_SIGNED,
    19: NetworkFault.TLS_UNKNOWN_AUTHORITY,
    20: NetworkFault.TLS_UNKNOWN_AUTHORITY,
    21: NetworkFault.TLS_UNKNOWN_AUTHORITY,
    62: NetworkFault.TLS_WRONG_NAME,
    64: NetworkFault.TLS_WRONG_NAME,
}
_NO_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
_SAID = {
    NetworkFault.TLS_SELF_SIGNED: "its certificate is signed by itself",
    NetworkFault.TLS_UNKNOWN_AUTHORITY: "no authority that is known here signed its certificate",
    NetworkFault.TLS_EXPIRED: "its certificate has expired or is not valid yet",
    NetworkFault.TLS_WRONG_NAME: "its certificate is for another name",
    NetworkFault.NOT_TLS: "it does not speak TLS on this port",
}


def failure(error: Exception, destination: Destination) -> FetchFailed:
    fault = _fault(error)
    host = destination.origin
    if fault in _SAID or fault is NetworkFault.TLS_OTHER:
        why = _SAID.get(fault, "its certificate or its TLS is not accepted")
        detail = f"No secure connection to {host}: {why}."
    elif fault is NetworkFault.TIMED_OUT:
        detail = f"{host} did not answer in time."
    else:
        detail = f"The connection to {host} failed."
    return FetchFailed(detail).because(fault, host=host)


def _fault(error: Exception) -> NetworkFault:
    for inner in _inside(error):
        if isinstance(inner, ssl.SSLCertVerificationError):
            return _CERTIFICATES.get(inner.verify_code, NetworkFault.TLS_OTHER)
        if isinstance(inner, ssl.SSLError) and not isinstance(inner, ssl.SSLEOFError):
            return NetworkFault.NOT_TLS if inner.reason in _NO_TLS else NetworkFault.TLS_OTHER
    if isinstance(error, requests.exceptions.ProxyError):
        return NetworkFault.PROXY
    if isinstance(error, requests.exceptions.SSLError):
        return NetworkFault.TLS_OTHER
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return NetworkFault.TIMED_OUT
    return NetworkFault.CLOSED


def _inside(error: BaseException) -> Iterator[BaseException]:
    """The error and those it was made of, at most eight deep."""
    waiting: list[object] = [error]
    for _ in range(8):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, BaseException):
            yield one
            waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
            waiting = [each for each in waiting if isinstance(each, BaseException) and each is not one]
