"""What the base templates need wherever they are mounted: no context processor has to be set up for them."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse

from fairlead.conf import conf
from fairlead.web import brand, languages, seams

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class Brand:
    name: str
    logo: str
    style_sheet: str
    admin_style_sheet: str
    terms_url: str
    privacy_url: str
    support_url: str

    @property
    def has_links(self) -> bool:
        return bool(self.terms_url or self.privacy_url or self.support_url)


@register.simple_tag
def site_brand() -> Brand:
    """What the settings say about the site around our pages."""
    found = conf()
    return Brand(
        name=found.site_name,
        logo=found.site_logo,
        style_sheet=brand.address(),
        admin_style_sheet=brand.address("brand-admin"),
        terms_url=found.terms_url,
        privacy_url=found.privacy_url,
        support_url=found.support_url,
    )


@register.simple_tag
def account_page() -> str:
    """Where somebody's own page is; where sign-ins lead, if no app has such a page."""
    return next((path() for path in seams.account_page), resolve_url(settings.LOGIN_REDIRECT_URL))


@dataclass(frozen=True, kw_only=True)
class LanguageChoice:
    address: str
    page: str
    names: dict[str, str]


@register.simple_tag(takes_context=True)
def language_choice(context: template.Context) -> LanguageChoice | None:
    """What the form with the languages needs; None where there is no request, or nothing to choose."""
    request: Any = context.get("request")
    names = languages.offered()
    try:
        address = reverse("fairlead_web:language")
    except NoReverseMatch:
        return None
    if request is None or len(names) < 2:
        return None
    return LanguageChoice(address=address, page=request.path, names=names)
