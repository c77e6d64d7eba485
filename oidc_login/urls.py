"""The paths of sign-in through providers: `path("", include("oidc_login.urls"))`, or below any prefix.

`login` and `account/providers` are pages for a site without `accounts`; where `accounts.urls` is included before this,
its own /login answers.
"""

from django.urls import path

from fairlead.web.sign_in_page import SignInPage
from oidc_login.views import account, api, browser, identities, sign_in_link, sign_in_page, sign_out

app_name = "oidc_login"
urlpatterns = [
    path("api/auth/oidc/config", api.Config.as_view(), name="config"),
    path("api/auth/oidc/initiate", browser.Initiate.as_view(), name="initiate"),
    path("api/auth/oidc/callback", browser.Callback.as_view(), name="callback"),
    path("api/auth/oidc/exchange", api.Exchange.as_view(), name="exchange"),
    path("api/auth/oidc/exchange/mobile", api.MobileExchange.as_view(), name="exchange-mobile"),
    path("api/auth/oidc/link", api.Link.as_view(), name="link"),
    path("api/auth/identities", identities.Identities.as_view(), name="identities"),
    path("api/auth/identities/link", identities.LinkFromInside.as_view(), name="identities-link"),
    path("api/auth/identities/<uuid:identity_id>", identities.OneIdentity.as_view(), name="identity"),
    path("account/providers", account.ProvidersPage.as_view(), name="providers"),
    path("account/providers/link", account.LinkFromPage.as_view(), name="providers-link"),
    path("account/providers/<uuid:identity_id>/unlink", account.UnlinkFromPage.as_view(), name="providers-unlink"),
    path("signin-link", sign_in_link.SignInLinkPage.as_view(), name="signin-link"),
    path("logout/provider", sign_out.SignOutAtProvider.as_view(), name="sign-out-at-provider"),
    path("login", SignInPage.as_view(), name="login"),
    path("login/link", sign_in_page.LinkPage.as_view(), name="login-link"),
]
