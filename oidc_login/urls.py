from django.urls import path

from oidc_login import api, pages, views

urlpatterns = [
    path("api/auth/oidc/config", api.Config.as_view(), name="oidc-config"),
    path("api/auth/oidc/initiate", views.Initiate.as_view(), name="oidc-initiate"),
    path("api/auth/oidc/callback", views.Callback.as_view(), name="oidc-callback"),
    path("api/auth/oidc/exchange", api.Exchange.as_view(), name="oidc-exchange"),
    path("api/auth/oidc/exchange/mobile", api.MobileExchange.as_view(), name="oidc-exchange-mobile"),
    path("api/auth/oidc/link", api.Link.as_view(), name="oidc-link"),
    path("login", pages.SignInPage.as_view(), name="login"),
    path("login/link", pages.LinkPage.as_view(), name="login-link"),
]
