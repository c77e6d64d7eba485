"""A user pool as a form: the members of the API's body in fields, read by its serializers and made by `pools`.

For the administration, and for any other page that has an organization's pool to show. What is wrong is said at the
field; the sentences are the API's.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.serializers import Serializer

from fairlead.idtokens.signatures import SUPPORTED
from fairlead.orgs.models import Organization
from fairlead.refusal import Refused
from fairlead.web import form_errors
from userpools import pools
from userpools.authorization import Authorization
from userpools.models import UserPool
from userpools.serializers import ChangeUserPool, CreateUserPool

HOSTED, OWN_KEYS = "hosted", "own_keys"
_AUTHORIZATION: Mapping[str, str] = {
    "jwks_uri": "jwksUri",
    "issuer": "issuer",
    "audience": "audience",
    "algorithms": "algorithms",
    "id_claim": "idClaim",
}
_FIELDS = {"name": "name", "description": "description", **{name: field for field, name in _AUTHORIZATION.items()}}


class Lines(forms.CharField):
    """Several values, one a line. Cleaned to a list."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of texts, not a text
        lines = value if isinstance(value, list | tuple) else (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial or "") != self.to_python(data)


class _PoolFields(forms.Form):
    name = forms.CharField(label=_("Name"), required=False)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    issuer = forms.CharField(
        label=_("Issuer"),
        required=False,
        help_text=_("What tokens say in iss, letter by letter. Without a JWKS URI the keys are found through it."),
    )
    jwks_uri = forms.CharField(label=_("JWKS URI"), required=False, help_text=_("Where the public keys are."))
    audience = Lines(
        label=_("Audience"),
        required=False,
        help_text=_("One a line: your client id at the issuer. A token must name one of them in aud."),
    )
    algorithms = forms.MultipleChoiceField(
        label=_("Algorithms"),
        required=False,
        choices=[(each, each) for each in sorted(SUPPORTED)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all of them."),
    )
    id_claim = forms.CharField(
        label=_("Claim with the user's id"), required=False, help_text=_("Left empty it is sub, which is never reused.")
    )

    def check(self, shape: type[Serializer], body: Mapping[str, Any]) -> None:
        read = shape(data=body)
        if read.is_valid():
            self.members = dict(read.validated_data)
        else:
            form_errors.add(self, read.errors, fields=_FIELDS)

    def given(self, names: Mapping[str, str]) -> dict[str, Any]:
        """The fields as members of `authorization`. What was left empty is null: not set."""
        return {member: self.cleaned_data.get(field) or None for field, member in names.items()}


class CreatePool(_PoolFields):
    """A new pool of an organization."""

    keys = forms.ChoiceField(
        label=_("Whose tokens"),
        choices=[
            (OWN_KEYS, _("of an issuer elsewhere, which signs with keys of its own")),
            (HOSTED, _("ours: this service signs them for your backend (hosted)")),
        ],
        initial=OWN_KEYS,
        widget=forms.RadioSelect,
        help_text=_("This cannot be changed later."),
    )
    field_order: tuple[str, ...] = ("name", "description", "keys")

    def clean(self) -> dict[str, Any]:
        body: dict[str, Any] = {name: self.cleaned_data.get(name, "") for name in ("name", "description")}
        given = {member: value for member, value in self.given(_AUTHORIZATION).items() if value is not None}
        if self.cleaned_data.get("keys") == HOSTED:
            for member in given:
                sentence = gettext("A hosted pool has none: leave this empty, or choose an issuer elsewhere.")
                self.add_error(_FIELDS[member], sentence)
        else:
            body["authorization"] = given
        self.check(CreateUserPool, body)
        return self.cleaned_data

    def make(self, organization: Organization, *, actor: Model | None, request: HttpRequest) -> UserPool | None:
        """None: refused, and said at the fields."""
        given = self.members
        try:
            return pools.create(
                organization,
                name=given["name"],
                description=given.get("description", ""),
                given=given.get("authorization"),
                actor=actor,
                request=request,
            )
        except Refused as refused:
            form_errors.add_refusal(self, refused, fields=_FIELDS)
            return None


class ChangePool(_PoolFields):
    """A pool's fields. Only those that were changed are stored: a change made meanwhile elsewhere stays."""

    def __init__(self, data: Any = None, *, pool: UserPool) -> None:
        now = Authorization.of(pool)
        initial = {
            "name": pool.name, "description": pool.description, "issuer": now.issuer, "jwks_uri": now.jwks_uri,
            "audience": now.audiences, "algorithms": list(now.algorithms), "id_claim": now.id_claim,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.pool = pool
        if pool.hosted:
            for field in _AUTHORIZATION:
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        changed = set(self.changed_data)
        body: dict[str, Any] = {name: self.cleaned_data[name] for name in ("name", "description") if name in changed}
        if trusted := {field: member for field, member in _AUTHORIZATION.items() if field in changed}:
            body["authorization"] = self.given(trusted)
        self.check(ChangeUserPool, body)
        return self.cleaned_data

    def save(self, *, actor: Model | None, request: HttpRequest) -> UserPool | None:
        """None: refused, and said at the fields. Without a change the pool as it is."""
        if not self.members:
            return self.pool
        try:
            return pools.change(self.pool, given=self.members, actor=actor, request=request)
        except Refused as refused:
            form_errors.add_refusal(self, refused, fields=_FIELDS)
            return None
