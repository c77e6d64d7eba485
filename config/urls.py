"""The site's routes. Each app names its own, whole, in its `urls.py`."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from config import docs, health

# Django tries one pattern after the other, so what is called most stands first.
urlpatterns = [
    path("", include("sdkclients.urls")),
    # Before oidc_login: its /login has a form, the one there only the providers' buttons.
    path("", include("accounts.urls")),
    path("", include("oidc_login.urls")),
    # Where a sign-in ends that asked for no other place; whoever is not signed in is sent on to /login from there.
    path("", RedirectView.as_view(pattern_name="accounts:account")),
    path("", include("fairlead.web.urls")),
    path("metrics", health.metrics),
    # Pages that are not ours (the admin, the API's browser) name no icon; browsers then ask for this address.
    path("favicon.ico", RedirectView.as_view(url=static("fairlead/fairlead.svg"))),
    path("api/schema", docs.Schema.as_view(), name="schema"),
    path("api/docs", docs.Browser.as_view(), name="docs"),
    path("problems", docs.problems, name="problems"),
    path("admin/", admin.site.urls),
    path("", include("fairlead.orgs.urls")),
    path("", include("userpools.urls")),
]

handler400 = "fairlead.web.error_pages.bad_request"
handler403 = "fairlead.web.error_pages.permission_denied"
handler404 = "fairlead.web.error_pages.not_found"
handler500 = "fairlead.web.error_pages.server_error"
