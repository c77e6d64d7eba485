"""Addresses of local accounts. The paths are a contract below wherever this is mounted; everybody else says `reverse`
and `{% url %}` with their names."""

from django.urls import include, path, re_path

from accounts import pictures
from accounts.pages import (
    account,
    devices,
    email,
    invitation,
    password,
    profile,
    register,
    reset,
    sign_in,
    verify_email,
)
from accounts.views import devices as devices_api
from accounts.views import email as email_api
from accounts.views import invitation as invitation_api
from accounts.views import me as me_api
from accounts.views import password as password_api
from accounts.views import profile as profile_api
from accounts.views import sign_in as sign_in_api

app_name = "accounts"

_PAGES = [
    path("login", sign_in.SignInPage.as_view(), name="login"),
    path("register", register.RegisterPage.as_view(), name="register"),
    path("logout", sign_in.SignOut.as_view(), name="logout"),
    path("invitation", invitation.InvitationPage.as_view(), name="invitation"),
    path("verify-email", verify_email.VerifyEmailPage.as_view(), name="verify-email"),
    path("password-reset", reset.PasswordResetPage.as_view(), name="password-reset"),
    path("password-reset/confirm", reset.NewPasswordPage.as_view(), name="password-reset-confirm"),
    path("account", account.AccountPage.as_view(), name="account"),
    path("account/name", profile.EditName.as_view(), name="account-name"),
    path("account/picture", profile.EditPicture.as_view(), name="account-picture"),
    path("account/email", email.EditEmail.as_view(), name="account-email"),
    path("account/email/send", email.SendVerification.as_view(), name="account-email-send"),
    path("account/email/not-me", verify_email.DisownChangePage.as_view(), name="disown-change"),
    path("account/password", password.EditPassword.as_view(), name="account-password"),
    path("account/password/first", password.FirstPassword.as_view(), name="account-password-first"),
    path("account/devices/end-others", devices.EndOtherDevices.as_view(), name="account-devices-end-others"),
    path("account/devices/<uuid:session_id>/end", devices.EndDevice.as_view(), name="account-device-end"),
    re_path(r"^uploads/profiles/(?P<name>[A-Za-z0-9_-]{16,64})\.webp$", pictures.picture, name="picture"),
]
_API = [
    path("registration-mode", sign_in_api.RegistrationMode.as_view(), name="api-registration-mode"),
    path("register", sign_in_api.Register.as_view(), name="api-register"),
    path("login", sign_in_api.Login.as_view(), name="api-login"),
    path("refresh", sign_in_api.Refresh.as_view(), name="api-refresh"),
    path("logout", sign_in_api.Logout.as_view(), name="api-logout"),
    path("invitation/accept", invitation_api.AcceptInvitation.as_view(), name="api-accept-invitation"),
    path("me", me_api.Me.as_view(), name="api-me"),
    path("profile", profile_api.Profile.as_view(), name="api-profile"),
    path("profile/image", profile_api.ProfileImage.as_view(), name="api-profile-image"),
    path("change-password", password_api.ChangePassword.as_view(), name="api-change-password"),
    path("set-password", password_api.SetPassword.as_view(), name="api-set-password"),
    path("password-reset", password_api.PasswordReset.as_view(), name="api-password-reset"),
    path("password-reset/confirm", password_api.PasswordResetConfirm.as_view(), name="api-password-reset-confirm"),
    path("email/verify", email_api.VerifyEmail.as_view(), name="api-verify-email"),
    path("email/verify/send", email_api.SendVerification.as_view(), name="api-send-verification"),
    path("email/change", email_api.ChangeEmail.as_view(), name="api-change-email"),
    path("sessions", devices_api.Sessions.as_view(), name="api-sessions"),
    path("sessions/<uuid:session_id>", devices_api.OneSession.as_view(), name="api-session"),
]

urlpatterns = [*_PAGES, path("api/auth/", include(_API))]
