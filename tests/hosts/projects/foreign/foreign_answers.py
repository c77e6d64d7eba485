"""The renderer and the exception handler of a project that answers in a way of its own."""

from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response


class Envelope(JSONRenderer):
    media_type = "application/vnd.foreign+json"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return super().render({"envelope": data}, accepted_media_type, renderer_context)


def handler(error, context):
    return Response({"foreign": type(error).__name__}, status=getattr(error, "status_code", 418))
