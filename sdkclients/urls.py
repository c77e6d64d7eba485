from django.urls import include, path

from sdkclients import app_views, views

# The doors of app users stand first: they are called most, and Django tries one pattern after the other.
urlpatterns = [
    path("app/me", app_views.Me.as_view()),
    path("app/authorize/<str:client_id>", app_views.Authorize.as_view()),
    path(
        "org/",
        include(
            [
                path("sdkClient", views.SdkClients.as_view()),
                path("sdkClient/<str:client_id>", views.OneSdkClient.as_view()),
                path("sdkClient/<str:client_id>/rotateKey", views.RotateClientKey.as_view()),
                path("appUserIdToken", views.AppUserIdTokens.as_view()),
                path("verifyToken", views.VerifyTokens.as_view()),
            ]
        ),
    ),
]
