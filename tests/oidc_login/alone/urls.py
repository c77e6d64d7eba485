from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("logout", LogoutView.as_view(next_page="/login"), name="logout"),
    path("", include("oidc_login.urls")),
]
