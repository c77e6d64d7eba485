"""Addresses of SDK clients, and of the calls that app users make."""

from django.urls import include, path

from sdkclients import app_views, views

app_name = "sdkclients"
# The doors of app users stand first: they are called most, and Django tries one pattern after the other.
urlpatterns = [
    path("app/me", app_views.Me.as_view(), name="me"),
    path("app/authorize/<str:client_id>", app_views.Authorize.as_view(), name="authorize"),
    path(
        "org/",
        include(
            [
                path("sdkClient", views.SdkClients.as_view(), name="clients"),
                path("sdkClient/<str:client_id>", views.OneSdkClient.as_view(), name="client"),
                path("sdkClient/<str:client_id>/rotateKey", views.RotateClientKey.as_view(), name="rotate-key"),
                path("appUserIdToken", views.AppUserIdTokens.as_view(), name="issue"),
                path("verifyToken", views.VerifyTokens.as_view(), name="verify"),
            ]
        ),
    ),
]
