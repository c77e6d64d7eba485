"""User pools in the admin: seen, made, changed, their keys fetched and rotated.

Made and changed by `userpools.forms` on pages of their own: Django's page holds a transaction open while it saves, and
the keys are fetched in between.
"""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairlead.orgs.admin.requests import actor
from fairlead.orgs.models import Organization
from fairlead.web.choices import ChosenById
from fairlead.web.object_tools import ObjectTools, Tool, Words
from userpools import key_check, pools, signing_keys
from userpools.authorization import warnings_of
from userpools.errors import PoolInUse
from userpools.forms import ChangePool, CreatePool
from userpools.models import PoolSigningKey, UserPool


class SigningKeyInline(admin.TabularInline):
    model = PoolSigningKey
    fields = ["kid", "signs_from", "published_until"]
    readonly_fields = ["kid", "signs_from", "published_until"]
    extra = 0
    can_delete = False
    verbose_name_plural = _("own keys (hosted pools)")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AddPool(CreatePool):
    organization = forms.ModelChoiceField(
        Organization.objects.all(),
        label=_("Organization"),
        widget=ChosenById(UserPool._meta.get_field("organization"), admin.site),
    )
    field_order = ("organization", *CreatePool.field_order)


def _fetch(request: HttpRequest, pool: UserPool) -> HttpResponse:
    found = key_check.check(pool, now=timezone.now())
    level = messages.SUCCESS if found["usable"] else messages.ERROR
    messages.add_message(request, level, " ".join(step["text"] for step in found["steps"]))
    return HttpResponseRedirect(reverse("admin:userpools_userpool_change", args=[pool.pk]))


def _rotate(request: HttpRequest, pool: UserPool) -> str:
    key = signing_keys.rotate(pool, actor=actor(request))
    return gettext("The key {kid} is published now and signs from {time} UTC.").format(
        kid=key.kid, time=f"{key.signs_from:%H:%M}"
    )


@admin.register(UserPool)
class UserPoolAdmin(ObjectTools):
    list_display = ["name", "organization", "kind", "issuer", "keys_unreachable", "created_at"]
    list_filter = ["hosted", "keys_unreachable", "created_at"]
    list_select_related = ["organization"]
    search_fields = ["name", "id", "issuer", "jwks_uri", "organization__name"]
    fields = [
        "id", "organization", "name", "description", "kind", "jwks_uri", "issuer", "audiences", "algorithms",
        "id_claim", "open_points", "last_fetch", "created_at", "updated_at",
    ]  # fmt: skip
    inlines = [SigningKeyInline]
    actions = ["fetch_keys", "rotate_keys"]
    show_full_result_count = False

    @admin.display(description=_("kind"), ordering="hosted")
    def kind(self, pool: UserPool) -> str:
        return "hosted here" if pool.hosted else "keys of its own"

    @admin.display(description=_("what is open"))
    def open_points(self, pool: UserPool) -> SafeString | str:
        return format_html_join("", "<p>{}</p>", ((warning["detail"],) for warning in warnings_of(pool))) or "nothing"

    @admin.display(description=_("last key fetch"))
    def last_fetch(self, pool: UserPool) -> SafeString | str:
        if pool.hosted:
            return "Hosted: the keys are our own, below."
        state = key_check.last_fetch(pool)
        if state is None:
            return "The keys were never fetched."
        lines = [("address", state.url), ("fetched", _moment(state.fetched_at)), ("keys", str(len(state.kids)))]
        lines += [("key id", kid or "(none)") for kid in state.kids]
        lines += [("not used", f"entry {each.position + 1}: {each.reason}") for each in state.ignored]
        lines.append(("last error", f"{state.error} ({_moment(state.error_at)})" if state.error else "none"))
        return format_html_join("", "<p>{}: {}</p>", lines)

    @admin.action(description=_("Fetch the keys now (at most once in 10 seconds)"), permissions=["view"])
    def fetch_keys(self, request: HttpRequest, chosen: QuerySet[UserPool]) -> None:
        for pool in chosen:
            found = key_check.check(pool, now=timezone.now())
            text = " ".join(step["text"] for step in found["steps"])
            self.message_user(request, f"{pool}: {text}", messages.SUCCESS if found["usable"] else messages.ERROR)

    @admin.action(
        description=_("Rotate the keys of hosted pools: the next one signs in an hour"), permissions=["delete"]
    )
    def rotate_keys(self, request: HttpRequest, chosen: QuerySet[UserPool]) -> None:
        for pool in chosen.filter(hosted=True):
            key = signing_keys.rotate(pool, actor=actor(request))
            self.message_user(request, f"{pool}: {key.kid} is published and signs from {key.signs_from:%H:%M} UTC.")

    tools = (
        Tool(
            slug="fetch-keys",
            label=_("Fetch the keys now"),
            says=lambda pool: [_("The issuer is asked for its keys, at most once in 10 seconds. Nothing is changed.")],
            do=_fetch,
            offered=lambda request, pool: not pool.hosted,
        ),
        Tool(
            slug="rotate-keys",
            label=_("Rotate the keys"),
            says=lambda pool: [
                _("A new key is published at once and signs in an hour, when everybody who keeps keys has fetched it."),
                _("Tokens signed before stay valid until they expire."),
            ],
            do=_rotate,
            offered=lambda request, pool: pool.hosted and request.user.has_perm("userpools.delete_userpool"),
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Django's own page shows. What changes a pool is `edit`.
        return False

    def has_edit_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        edit = path("<path:object_id>/edit/", self.admin_site.admin_view(self.edit), name="userpools_userpool_edit")
        return [edit, *super().get_urls()]

    def links(self, request: HttpRequest, row: Any) -> list[tuple[Words, str]]:
        edit = [(_("Change"), reverse("admin:userpools_userpool_edit", args=[row.pk]))]
        return [*(edit if self.has_edit_permission(request) else []), *super().links(request, row)]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddPool(request.POST if request.method == "POST" else None)
        if form.is_valid() and (
            pool := form.make(form.cleaned_data["organization"], actor=actor(request), request=request)
        ):
            return self._saved(request, pool, gettext("The pool is made."))
        return self.form_page(request, form, title=gettext("Add a user pool"))

    def edit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        pool = self.seen(request, object_id)
        if not self.has_edit_permission(request):
            raise PermissionDenied
        form = ChangePool(request.POST if request.method == "POST" else None, pool=pool)
        if form.is_valid() and (saved := form.save(actor=actor(request), request=request)):
            return self._saved(request, saved, gettext("The pool is saved."))
        return self.form_page(request, form, title=gettext("Change a user pool"), row=pool)

    def _saved(self, request: HttpRequest, pool: UserPool, said: str) -> HttpResponse:
        messages.success(request, said)
        for warning in warnings_of(pool):
            messages.warning(request, warning["detail"])
        return HttpResponseRedirect(self.address(pool))

    def delete_model(self, request: HttpRequest, obj: UserPool) -> None:
        try:
            pools.delete(obj, actor=actor(request), request=request)
        except PoolInUse as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserPool]) -> None:
        for pool in queryset:
            self.delete_model(request, pool)


def _moment(seconds: float | None) -> str:
    return gettext("never") if seconds is None else f"{datetime.fromtimestamp(seconds, tz=UTC):%Y-%m-%d %H:%M:%S} UTC"
