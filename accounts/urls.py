"""Doors of local accounts. The paths are a contract; their names are what templates use."""

from django.urls import path

from accounts.views import me, sign_in

urlpatterns = [
    path("api/auth/registration-mode", sign_in.RegistrationMode.as_view(), name="api-registration-mode"),
    path("api/auth/register", sign_in.Register.as_view(), name="api-register"),
    path("api/auth/login", sign_in.Login.as_view(), name="api-login"),
    path("api/auth/refresh", sign_in.Refresh.as_view(), name="api-refresh"),
    path("api/auth/logout", sign_in.Logout.as_view(), name="api-logout"),
    path("api/auth/me", me.Me.as_view(), name="api-me"),
]
