"""The page that explains a token, for staff."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.tenancy import identifier_of
from sdkclients.explanation import for_people
from sdkclients.models import SdkClient
from userpools.models import UserPool


class ExplainForm(forms.Form):
    """Where the token is to be used, and the token. It is never filled in again with what was sent."""

    place = forms.CharField(
        max_length=36,
        label=_("Client or user pool"),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("Id of the SDK client that the application sends as X-Client-Id, or of a user pool."),
    )
    token = forms.CharField(
        max_length=60_000,
        strip=True,
        label=_("Token"),
        widget=forms.Textarea(
            attrs={"rows": 8, "class": "vLargeTextField", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=_("It is used for this page alone: not stored, not logged."),
    )

    def clean_place(self) -> tuple[UserPool, SdkClient | None]:
        identifier = identifier_of(self.cleaned_data["place"].strip())
        if identifier is None:
            raise forms.ValidationError(
                gettext("This is no id: five groups of letters and digits with hyphens between.")
            )
        client = SdkClient.objects.select_related("pool").filter(pk=identifier, pool__isnull=False).first()
        if client is not None and client.pool is not None:
            return client.pool, client
        pool = UserPool.objects.filter(pk=identifier).first()
        if pool is None:
            raise forms.ValidationError(
                gettext("No application client and no user pool has this id. Copy it from their lists.")
            )
        return pool, None


def explain(request: HttpRequest) -> HttpResponse:
    """Explain a token, for staff. GET shows the form; POST the form, empty, and every step."""
    rights = ("sdkclients.view_sdkclient", "sdkclients.change_sdkclient")
    if not any(map(request.user.has_perm, rights)) or not request.user.has_perm("userpools.view_appuser"):
        raise PermissionDenied
    form, explanation = ExplainForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        pool, client = form.cleaned_data["place"]
        explanation = for_people(pool, client, form.cleaned_data["token"], now=timezone.now())
        form = ExplainForm(initial={"place": request.POST["place"]})
    elif request.method == "POST":
        # The token is not sent back: pages are kept in histories and screenshots.
        form.data = {**request.POST.dict(), "token": ""}
    context = {
        **admin.site.each_context(request),
        "title": gettext("Explain a token"),
        "form": form,
        "found": explanation,
    }
    response = TemplateResponse(request, "sdkclients/explain.html", context)
    response["Cache-Control"] = "no-store"
    return response
