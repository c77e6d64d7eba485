"""What the base templates need wherever they are mounted: no context processor has to be set up for them."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.shortcuts import resolve_url

from fairlead.conf import conf
from fairlead.web import brand, seams

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
