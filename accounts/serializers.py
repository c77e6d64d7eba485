"""Shapes on the wire. Rules live in the verb modules."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Session, User
from fairlead.web import seams
from fairlead.web.fields import Moment, Secret, Text


class UserOrganization(serializers.Serializer):
    """An organization to which a person belongs, and as what."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=["admin", "member", "read-only"])


class UserSerializer(serializers.ModelSerializer):
    """A person, as themselves and administrators see them."""

    emailVerified = serializers.BooleanField(source="email_verified", read_only=True)
    profileImage = serializers.CharField(source="profile_image", read_only=True, allow_null=True)
    isAdmin = serializers.BooleanField(source="is_staff", read_only=True)
    hasPassword = serializers.BooleanField(source="has_usable_password", read_only=True)
    organizations = serializers.SerializerMethodField()
    createdAt = Moment(source="created_at", read_only=True)
    updatedAt = Moment(source="updated_at", read_only=True)

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "emailVerified",
            "name",
            "profileImage",
            "isAdmin",
            "status",
            "hasPassword",
            "organizations",
            "createdAt",
            "updatedAt",
        ]
        read_only_fields = fields

    @extend_schema_field(UserOrganization(many=True))
    def get_organizations(self, user: User) -> list[Any]:
        return [each for look in seams.organizations_of for each in look(user)]


class TokenPairSerializer(serializers.Serializer):
    access_token = serializers.CharField(help_text="JWT, 15 minutes.")
    refresh_token = serializers.CharField(help_text="Opaque; rotates at each use.")


class SignedInSerializer(TokenPairSerializer):
    user = UserSerializer()


class RegisteredSerializer(serializers.Serializer):
    access_token = serializers.CharField(required=False)
    refresh_token = serializers.CharField(required=False)
    user = UserSerializer()
    message = serializers.CharField(required=False, help_text="In review mode, instead of tokens.")


class RegistrationModeSerializer(serializers.Serializer):
    mode = serializers.ChoiceField(choices=["enabled", "review", "disabled"])


class RegisterInput(serializers.Serializer):
    email = Text(max_length=254)
    password = Secret(help_text="8 to 128 characters.")
    name = Text(max_length=150)


class LoginInput(serializers.Serializer):
    email = Text()
    password = Secret()


class RefreshInput(serializers.Serializer):
    refresh_token = Secret()


class LogoutInput(serializers.Serializer):
    refresh_token = Secret(required=False)
    refreshToken = Secret(required=False)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        token = attrs.get("refresh_token") or attrs.get("refreshToken")
        if not token:
            raise serializers.ValidationError({"refresh_token": ["This field is required."]})
        return {"refresh_token": token}


class AcceptInvitationInput(serializers.Serializer):
    token = Secret(help_text="From the mailed link.")
    name = Text(max_length=150, required=False, help_text="Of somebody new.")
    password = Secret(required=False, help_text="Of somebody new: 8 to 128 characters.")


class VerifyEmailInput(serializers.Serializer):
    token = Secret(help_text="From the mailed link.")
    password = Secret(required=False, help_text="Of the account, where the call is not signed in to it.")


class ProfileInput(serializers.Serializer):
    name = Text(max_length=150)


class PictureInput(serializers.Serializer):
    image = serializers.FileField(help_text="JPEG, PNG, WebP or GIF, at most 5 MiB.")


class ChangePasswordInput(serializers.Serializer):
    currentPassword = Secret()
    newPassword = Secret(help_text="8 to 128 characters.")


class SetPasswordInput(serializers.Serializer):
    newPassword = Secret(help_text="8 to 128 characters.")


class EmailChangeInput(serializers.Serializer):
    newEmail = Text(max_length=254)
    password = Secret(required=False, help_text="Of an account that has one.")


class PasswordResetInput(serializers.Serializer):
    email = Text(max_length=254)


class PasswordResetConfirmInput(serializers.Serializer):
    token = Secret(help_text="From the mailed link.")
    newPassword = Secret(help_text="8 to 128 characters.")


class SessionSerializer(serializers.ModelSerializer):
    """A signed-in device."""

    startedAt = Moment(source="started_at", read_only=True)
    lastSeenAt = Moment(source="last_seen_at", read_only=True)
    expiresAt = Moment(source="expires_at", read_only=True)
    current = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ["id", "kind", "device", "method", "provider", "startedAt", "lastSeenAt", "expiresAt", "current"]
        read_only_fields = fields

    def get_current(self, session: Session) -> bool:
        return bool(session.pk == self.context.get("current"))
