"""The bearer credential of a request (RFC 6750 2.1). The form body and the query string are never looked at."""

from rest_framework.request import Request


def credential(request: Request) -> str | None:
    """What follows `Bearer` in the Authorization header; None when there is no such header. It may be empty."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header[:7].lower() == "bearer ":
        return str(header[7:].strip(" "))
    return "" if header.strip().lower() == "bearer" else None
