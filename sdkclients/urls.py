from django.urls import path

from sdkclients import app_views, views

urlpatterns = [
    path("org/sdkClient", views.SdkClients.as_view()),
    path("org/sdkClient/<str:client_id>", views.OneSdkClient.as_view()),
    path("org/sdkClient/<str:client_id>/rotateKey", views.RotateClientKey.as_view()),
    path("org/appUserIdToken", views.AppUserIdTokens.as_view()),
    path("org/verifyToken", views.VerifyTokens.as_view()),
    path("app/me", app_views.Me.as_view()),
    path("app/authorize/<str:client_id>", app_views.Authorize.as_view()),
]
