"""Addresses that the base templates lead to, wherever they are mounted."""

from django import template
from django.conf import settings
from django.shortcuts import resolve_url

from fairlead.web import seams

register = template.Library()


@register.simple_tag
def account_page() -> str:
    """Where somebody's own page is; where sign-ins lead, if no app has such a page."""
    return next((path() for path in seams.account_page), resolve_url(settings.LOGIN_REDIRECT_URL))
