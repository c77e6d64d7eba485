"""From a request's body to the values that its serializer vouches for."""

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import Serializer


def validated(shape: type[Serializer], request: Request) -> dict[str, Any]:
    """Raises DRF's ValidationError, which becomes 400 `invalid_request` with errors by field."""
    serializer = shape(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
