"""An SDK client as a form: the members of the API's body in fields, read by its serializers and made by `clients`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead.credentials.secrets import Minted
from fairlead.orgs.models import Organization
from fairlead.web import form_errors
from sdkclients import clients
from sdkclients.models import Kind, SdkClient
from sdkclients.serializers import ChangeSdkClient, CreateSdkClient
from userpools.models import UserPool

_FIELDS: Mapping[str, str] = {"name": "name", "description": "description", "kind": "kind", "userPoolId": "pool"}


class _ClientFields(forms.Form):
    name = forms.CharField(label=_("Name"), required=False)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class CreateClient(_ClientFields):
    """A new client. `pools` are those that an application may take its users from; `keys` whether whoever fills the
    form in may make API keys."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Kind,
        initial=Kind.APPLICATION,
        widget=forms.RadioSelect,
        help_text=_("This cannot be changed later."),
    )
    pool = forms.ModelChoiceField(UserPool.objects.none(), label=_("User pool"), required=False)

    def __init__(self, data: Any = None, *, pools: QuerySet[UserPool], keys: bool) -> None:
        super().__init__(data)
        field = self.fields["pool"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = pools
        field.help_text = gettext("Where an application's users come from. A service has none.")
        self.keys = keys

    def clean(self) -> dict[str, Any]:
        kind, pool = self.cleaned_data.get("kind"), self.cleaned_data.get("pool")
        if kind == Kind.SERVICE and not self.keys:
            self.add_error("kind", gettext("A service has an API key, and making keys needs a right of its own."))
        if kind == Kind.SERVICE and pool:
            self.add_error("pool", gettext("A service has no users: leave this empty, or choose an application."))
        if kind == Kind.APPLICATION and not pool and "pool" not in self.errors:
            self.add_error("pool", gettext("Choose the pool that this application's users come from."))
        if self.errors:
            return self.cleaned_data
        body = {name: self.cleaned_data.get(name, "") for name in ("name", "description")}
        chosen = "service" if pool is None else {"application": {"userPoolId": str(pool.pk)}}
        read = CreateSdkClient(data={**body, "kind": chosen})
        if not read.is_valid():
            form_errors.add(self, read.errors, fields=_FIELDS)
        return self.cleaned_data

    def make(
        self, organization: Organization | None, *, actor: Model | None, request: HttpRequest
    ) -> tuple[SdkClient, Minted | None]:
        """The client; of a service the plaintext of its key too. An application belongs to its pool's organization."""
        words = {name: self.cleaned_data[name] for name in ("name", "description")}
        pool = self.cleaned_data["pool"]
        if pool is not None:
            return clients.create_application(pool, **words, actor=actor, request=request), None
        if organization is None:
            raise ValueError("a service needs an organization")
        return clients.create_service(organization, **words, actor=actor, request=request)


class ChangeClient(_ClientFields):
    """A client's name and description; only what was changed is stored."""

    def __init__(self, data: Any = None, *, client: SdkClient) -> None:
        super().__init__(data, initial={"name": client.name, "description": client.description})
        self.client = client

    def clean(self) -> dict[str, Any]:
        body = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        read = ChangeSdkClient(data=body)
        if read.is_valid():
            self.members = dict(read.validated_data)
        else:
            form_errors.add(self, read.errors, fields=_FIELDS)
        return self.cleaned_data

    def save(self, *, actor: Model | None, request: HttpRequest) -> SdkClient:
        if not self.members:
            return self.client
        return clients.change(self.client, given=self.members, actor=actor, request=request)
