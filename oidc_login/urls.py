from django.urls import path

from fairlead.web.sign_in_page import SignInPage
from oidc_login.flow import logout, sign_in_links
from oidc_login.views import api, browser, identities, pages

urlpatterns = [
    path("api/auth/oidc/config", api.Config.as_view(), name="oidc-config"),
    path("api/auth/oidc/initiate", browser.Initiate.as_view(), name="oidc-initiate"),
    path("api/auth/oidc/callback", browser.Callback.as_view(), name="oidc-callback"),
    path("api/auth/oidc/exchange", api.Exchange.as_view(), name="oidc-exchange"),
    path("api/auth/oidc/exchange/mobile", api.MobileExchange.as_view(), name="oidc-exchange-mobile"),
    path("api/auth/oidc/link", api.Link.as_view(), name="oidc-link"),
    path("api/auth/identities", identities.Identities.as_view(), name="identities"),
    path("api/auth/identities/link", identities.LinkFromInside.as_view(), name="identities-link"),
    path("api/auth/identities/<uuid:identity_id>", identities.OneIdentity.as_view(), name="identity"),
    path("account/providers/link", identities.LinkFromPage.as_view(), name="account-link"),
    path("account/providers/<uuid:identity_id>/unlink", identities.UnlinkFromPage.as_view(), name="account-unlink"),
    path("signin-link", sign_in_links.SignInLinkPage.as_view(), name="signin-link"),
    path("logout/provider", logout.SignOutEverywhere.as_view(), name="sign-out-everywhere"),
    path("login", SignInPage.as_view(), name="login"),
    path("login/link", pages.LinkPage.as_view(), name="login-link"),
]
