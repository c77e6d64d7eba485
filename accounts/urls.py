"""Doors of local accounts. The paths are a contract; their names are what templates use."""

from django.urls import path, re_path

from accounts import pages, pictures
from accounts.pages import account, links
from accounts.views import devices, email, me, password, profile, sign_in

urlpatterns = [
    path("login", pages.SignInPage.as_view(), name="login"),
    path("register", pages.RegisterPage.as_view(), name="register"),
    path("logout", pages.sign_out, name="logout"),
    path("verify-email", links.VerifyEmailPage.as_view(), name="verify-email"),
    path("password-reset", links.PasswordResetPage.as_view(), name="password-reset"),
    path("password-reset/confirm", links.NewPasswordPage.as_view(), name="password-reset-confirm"),
    path("account", account.AccountPage.as_view(), name="account"),
    path("account/name", account.EditName.as_view(), name="account-name"),
    path("account/picture", account.EditPicture.as_view(), name="account-picture"),
    path("account/email", account.EditEmail.as_view(), name="account-email"),
    path("account/email/send", account.SendVerification.as_view(), name="account-email-send"),
    path("account/password", account.EditPassword.as_view(), name="account-password"),
    path("account/password/first", account.FirstPassword.as_view(), name="account-password-first"),
    path("account/devices/end-others", account.EndOtherDevices.as_view(), name="account-devices-end-others"),
    path("account/devices/<uuid:session_id>/end", account.EndDevice.as_view(), name="account-device-end"),
    path("api/auth/registration-mode", sign_in.RegistrationMode.as_view(), name="api-registration-mode"),
    path("api/auth/register", sign_in.Register.as_view(), name="api-register"),
    path("api/auth/login", sign_in.Login.as_view(), name="api-login"),
    path("api/auth/refresh", sign_in.Refresh.as_view(), name="api-refresh"),
    path("api/auth/logout", sign_in.Logout.as_view(), name="api-logout"),
    path("api/auth/me", me.Me.as_view(), name="api-me"),
    path("api/auth/profile", profile.Profile.as_view(), name="api-profile"),
    path("api/auth/profile/image", profile.ProfileImage.as_view(), name="api-profile-image"),
    path("api/auth/change-password", password.ChangePassword.as_view(), name="api-change-password"),
    path("api/auth/set-password", password.SetPassword.as_view(), name="api-set-password"),
    path("api/auth/password-reset", password.PasswordReset.as_view(), name="api-password-reset"),
    path("api/auth/password-reset/confirm", password.PasswordResetConfirm.as_view(), name="api-password-reset-confirm"),
    path("api/auth/email/verify", email.VerifyEmail.as_view(), name="api-verify-email"),
    path("api/auth/email/verify/send", email.SendVerification.as_view(), name="api-send-verification"),
    path("api/auth/email/change", email.ChangeEmail.as_view(), name="api-change-email"),
    path("api/auth/sessions", devices.Sessions.as_view(), name="api-sessions"),
    path("api/auth/sessions/<uuid:session_id>", devices.OneSession.as_view(), name="api-session"),
    re_path(r"^uploads/profiles/(?P<name>[A-Za-z0-9_-]{16,64})\.webp$", pictures.picture, name="picture"),
]
