"""Which organization has a slug: now, or once. A slug that one organization had never becomes another's.

Two tables say so, and each alone is unique. So the row is written first and the other table read after it: whoever
comes second waits for the first at the unique index, and then sees what the first wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db import IntegrityError, transaction

from fairlead.orgs import slugs
from fairlead.orgs.models import FormerSlug, Organization
from fairlead.orgs.slugs import SlugRefused

_TRIES = 5


class SlugTaken(SlugRefused):
    def __init__(self) -> None:
        super().__init__("Another organization has, or had, this slug. Choose another.")


def insert(name: str, *, slug: str | None = None) -> Organization:
    """A new organization. Without a slug it gets one that its name proposes. Raises SlugRefused, SlugTaken."""
    if slug is not None:
        return _insert(name, slugs.cleaned(slug))
    for _ in range(_TRIES):
        try:
            return _insert(name, free(name))
        except SlugTaken:
            continue  # somebody took it since it was looked up
    raise SlugTaken


def free(name: str) -> str:
    """A slug made of this name that nobody has or had."""
    wanted = slugs.proposed(name)
    numbered = (slugs.numbered(wanted, number) for number in count(2))
    slug = wanted
    while taken(slug):
        slug = next(numbered)
    return slug


def taken(slug: str, *, by_others_than: Organization | None = None) -> bool:
    current, former = Organization.objects.filter(slug=slug), FormerSlug.objects.filter(slug=slug)
    if by_others_than is not None:
        current, former = current.exclude(pk=by_others_than.pk), former.exclude(organization=by_others_than)
    return current.exists() or former.exists()


def rename(organization: Organization, slug: str) -> None:
    """Give the organization this slug; the one before stays its own, for addresses that are out in the world.

    Raises SlugRefused, SlugTaken. Records nothing: the caller knows who it is.
    """
    slugs.cleaned(slug)
    with transaction.atomic():
        before = Organization.objects.select_for_update().get(pk=organization.pk).slug
        if before != slug:
            FormerSlug.objects.filter(slug=slug, organization=organization).delete()
            FormerSlug.objects.create(slug=before, organization=organization)
            with _unique(slug):
                Organization.objects.filter(pk=organization.pk).update(slug=slug)
            if taken(slug, by_others_than=organization):
                raise SlugTaken
    organization.slug = slug


def _insert(name: str, slug: str) -> Organization:
    with transaction.atomic():
        with _unique(slug):
            organization = Organization.objects.create(name=name, slug=slug)
        if taken(slug, by_others_than=organization):
            raise SlugTaken
    return organization


@contextmanager
def _unique(slug: str) -> Iterator[None]:
    """A write that may meet another organization's slug at the unique index."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if taken(slug):
            raise SlugTaken from None
        raise
