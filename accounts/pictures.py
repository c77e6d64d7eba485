"""Serving people's pictures: from here in every deployment, under a content type and a name that are ours."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts import picture_files
from accounts.errors import PictureNotStored


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """`name` is what the route's pattern let through: nothing that could be a path."""
    try:
        stored = picture_files.read(f"profiles/{name}.webp")
    except FileNotFoundError:
        raise Http404 from None
    except PictureNotStored as away:
        return HttpResponse(status=503, headers={"Retry-After": str(away.retry_after)})
    response = FileResponse(stored, content_type="image/webp")
    # A name is never used twice, so a picture never changes.
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
