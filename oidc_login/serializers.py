"""Shapes of requests and answers of the sign-in API. Rules live elsewhere."""

from typing import Any

from rest_framework import serializers

from fairlead.people import people
from fairlead.web.fields import Moment, Secret, Text


class ExchangeRequest(serializers.Serializer):
    code = Text(max_length=256)
    code_verifier = Text(max_length=128, required=False, default="", allow_blank=True)


class LinkRequest(serializers.Serializer):
    link_code = Text(max_length=256)
    password = Secret(max_length=128)
    code_verifier = Text(max_length=128, required=False, default="", allow_blank=True)


class MobileExchangeRequest(serializers.Serializer):
    # As they are: a token has one spelling, and white space around it is another.
    access_token = Text(max_length=16384, trim_whitespace=False)
    id_token = Text(max_length=16384, required=False, default="", trim_whitespace=False)
    nonce = Text(max_length=512, required=False, default="")
    provider = Text(max_length=40, required=False, default="")


class LinkFromInsideRequest(serializers.Serializer):
    provider = Text(max_length=40, required=False, default="")


class LinkFromInsideAnswer(serializers.Serializer):
    initiateUrl = serializers.CharField(help_text="Send the person's browser there within a minute.")


class IdentityAnswer(serializers.Serializer):
    """A linked provider."""

    id = serializers.UUIDField()
    provider = serializers.CharField(allow_null=True, help_text="Slug; null where the provider is gone or disabled.")
    providerName = serializers.CharField()
    issuerUrl = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    createdAt = Moment()
    lastLoginAt = Moment(allow_null=True)


class SignedInAnswer(serializers.Serializer):
    access_token = serializers.CharField(help_text="JWT, 15 minutes.")
    refresh_token = serializers.CharField(help_text="Opaque, rotated at each use.")
    user = serializers.DictField()
    redirectUrl = serializers.CharField(help_text="Where the person wanted to go when the sign-in began.")
    notices = serializers.ListField(child=serializers.CharField(), help_text="`password_removed` or nothing.")

    def get_fields(self) -> dict[str, Any]:
        """`user` has the shape that the site's people give it. What is answered is serialized by them already."""
        tokens = people().tokens
        shape = {"user": tokens.user_serializer()} if tokens and self.instance is None else {}
        return {**super().get_fields(), **shape}


class ProviderAnswer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    issuerUrl = serializers.CharField()
    clientId = serializers.CharField()
    mobileClientIds = serializers.ListField(child=serializers.CharField())
    initiateUrl = serializers.CharField()


class ConfigAnswer(serializers.Serializer):
    """What a front end needs to draw its sign-in page."""

    enabled = serializers.BooleanField()
    providerName = serializers.CharField(allow_null=True)
    issuerUrl = serializers.CharField(allow_null=True)
    clientId = serializers.CharField(allow_null=True)
    disableInternalAuth = serializers.BooleanField()
    providers = ProviderAnswer(many=True)
