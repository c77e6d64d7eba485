"""Addresses of the demo provider."""

from django.conf import settings
from django.urls import include, path
from oauth2_provider import views as toolkit
from oauth2_provider.urls import base_urlpatterns, oidc_urlpatterns

from demo.provider import control, metadata, pictures, views

protocol = [
    path("authorize/", views.ChoosingAuthorizationView.as_view(), name="authorize"),
    path(".well-known/openid-configuration", metadata.DiscoveryView.as_view(), name="oidc-connect-discovery-info"),
    *(each for each in base_urlpatterns if each.name in {"token", "revoke-token", "introspect"}),
    *(each for each in oidc_urlpatterns if each.name in {"jwks-info", "user-info", "rp-initiated-logout"}),
]

urlpatterns = [
    path("", views.home),
    path("login", views.login),
    path("logout", views.logout),
    path("pictures/<uuid:subject>.png", pictures.picture),
    path("o/", include((protocol, "oauth2_provider"))),
    # RFC 8414 wants the path of the issuer behind the well-known part.
    path(".well-known/oauth-authorization-server/<path:issuer_path>", toolkit.OAuthServerMetadataView.as_view()),
]
if settings.CONTROL:
    urlpatterns += control.urlpatterns
