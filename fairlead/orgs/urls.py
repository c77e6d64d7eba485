"""Addresses of an organization's own calls. Pools and clients have theirs in their apps."""

from django.urls import path

from fairlead.orgs.views import api_keys, invitations, members, organization

app_name = "fairlead_orgs"
urlpatterns = [
    path("org", organization.OwnOrganization.as_view(), name="organization"),
    path("org/member", members.Members.as_view(), name="members"),
    path("org/member/<str:member_id>", members.OneMember.as_view(), name="member"),
    path("org/invitation", invitations.Invitations.as_view(), name="invitations"),
    path("org/invitation/<str:invitation_id>", invitations.OneInvitation.as_view(), name="invitation"),
    path("org/invitation/<str:invitation_id>/resend", invitations.ResendInvitation.as_view(), name="resend-invitation"),
    path("org/apiKey", api_keys.ApiKeys.as_view(), name="api-keys"),
    path("org/apiKey/<str:key_id>", api_keys.OneApiKey.as_view(), name="api-key"),
    path("org/apiKey/<str:key_id>/rotate", api_keys.RotateApiKey.as_view(), name="rotate-api-key"),
]
