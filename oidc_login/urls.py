from django.urls import path

from oidc_login import api, identity_views, pages, sign_in_links, sign_out, views

urlpatterns = [
    path("api/auth/oidc/config", api.Config.as_view(), name="oidc-config"),
    path("api/auth/oidc/initiate", views.Initiate.as_view(), name="oidc-initiate"),
    path("api/auth/oidc/callback", views.Callback.as_view(), name="oidc-callback"),
    path("api/auth/oidc/exchange", api.Exchange.as_view(), name="oidc-exchange"),
    path("api/auth/oidc/exchange/mobile", api.MobileExchange.as_view(), name="oidc-exchange-mobile"),
    path("api/auth/oidc/link", api.Link.as_view(), name="oidc-link"),
    path("api/auth/identities", identity_views.Identities.as_view(), name="identities"),
    path("api/auth/identities/link", identity_views.LinkFromInside.as_view(), name="identities-link"),
    path("api/auth/identities/<uuid:identity_id>", identity_views.OneIdentity.as_view(), name="identity"),
    path("account/providers/link", identity_views.LinkFromPage.as_view(), name="account-link"),
    path("account/providers/<uuid:identity_id>/unlink", identity_views.UnlinkFromPage.as_view(), name="account-unlink"),
    path("signin-link", sign_in_links.SignInLinkPage.as_view(), name="signin-link"),
    path("logout/provider", sign_out.SignOutEverywhere.as_view(), name="sign-out-everywhere"),
    path("login", pages.SignInPage.as_view(), name="login"),
    path("login/link", pages.LinkPage.as_view(), name="login-link"),
]
