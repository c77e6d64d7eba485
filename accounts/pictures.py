"""Serving people's pictures: from here in every deployment, under a content type and a name that are ours."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """`name` is what the route's pattern let through: nothing that could be a path."""
    try:
        stored = default_storage.open(f"profiles/{name}.webp")
    except OSError:
        # Not there, or the folder cannot be read: nobody is helped by knowing which.
        raise Http404 from None
    response = FileResponse(stored, content_type="image/webp")
    # A name is never used twice, so a picture never changes.
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
