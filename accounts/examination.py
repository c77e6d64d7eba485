"""The policy in words: can anybody sign in, can anybody new, is there an administrator, are pictures kept."""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.utils.translation import gettext

from accounts import policy
from accounts.administrator import has_address
from accounts.models import User
from fairlead import named_settings
from fairlead.conf import conf, source
from fairlead.web import seams
from fairlead.web.health import naming
from fairlead.web.health.examinations import Asked
from fairlead.web.health.findings import Finding, good, note, problem, warning

# Backends that hand a mail to nobody who could read it.
_SILENT = ("config.mail.NotConfiguredBackend", "django.core.mail.backends.dummy.EmailBackend")


def look(asked: Asked) -> Iterator[Finding]:
    """Asks nobody outside."""
    current = policy.current()
    providers = any(configured() for configured in seams.other_ways_in)
    yield from _ways_in(current, providers)
    yield from _registration(current, providers)
    yield from _administrator(providers)


def _ways_in(current: policy.Policy, providers: bool) -> Iterator[Finding]:
    what = gettext("Signing in")
    passwords = current.named("DISABLE_INTERNAL_AUTH")
    if current.disable_internal_auth and not providers:
        yield warning(
            what,
            gettext("{setting} has no effect: no provider is enabled, so passwords are taken.").format(
                setting=passwords
            ),
            gettext("Enable a provider (OIDC_ENABLED, or in the admin), or take the setting away."),
        )
    elif current.disable_internal_auth:
        yield good(
            what,
            gettext("Through providers alone: {setting}.").format(setting=passwords),
        )
    elif providers:
        yield good(what, gettext("By password or through a provider."))
    else:
        yield good(what, gettext("By password; no provider is enabled."))


def _registration(current: policy.Policy, providers: bool) -> Iterator[Finding]:
    what, mode = gettext("Registration"), current.named("USER_SIGNUP")
    passwords = not (current.disable_internal_auth and providers)
    if current.mode != "disabled" and passwords and settings.EMAIL_BACKEND in _SILENT:
        yield warning(
            what,
            gettext("It is open ({setting}), and no mail can be sent.").format(setting=mode),
            gettext("Set {mail}, or close registration.").format(mail=naming.name("EMAIL_HOST")),
            why=gettext("Whoever registers waits for a link that never comes."),
        )
    if current.email_domains == ():
        yield warning(
            what,
            gettext("{setting} lists no domain: nobody new may come.").format(
                setting=current.named("SIGNUP_EMAIL_DOMAINS")
            ),
            gettext("List domains, or take the empty list away; to close registration set {mode}.").format(mode=mode),
        )
    if waiting := User.objects.filter(status=User.Status.PENDING).count():
        yield note(
            what,
            gettext("{count} wait for an administrator's approval.").format(count=waiting),
            gettext("See the people in the admin whose status is pending."),
        )
    yield good(what, gettext("{setting}.").format(setting=mode))


def _administrator(providers: bool) -> Iterator[Finding]:
    what, setting = gettext("Administrator"), named_settings.setting("ADMIN_EMAIL")
    active = User.objects.filter(is_staff=True, is_superuser=True, status=User.Status.ACTIVE, is_active=True)
    if count := active.count():
        yield good(what, gettext("{count} can sign in.").format(count=count))
        return
    named = next(filter(has_address, User.objects.filter(email_canonical__iexact=conf().admin_email)), None)
    if named is not None and named.status == User.Status.SUSPENDED:
        yield problem(
            what,
            gettext("There is none: the account of {setting} is suspended.").format(setting=setting),
            gettext("Run python manage.py createsuperuser, or name another address there."),
        )
    elif conf().admin_email:
        yield note(
            what,
            gettext("There is none yet; who proves the address of {setting} becomes one.").format(setting=setting),
            gettext("Register with it and open the mailed link, or come through a provider that vouches for it."),
        )
    else:
        yield warning(
            what,
            gettext("There is none: nobody can open the admin or approve people."),
            gettext("Run python manage.py createsuperuser, or set {name}=you@example.org and register.").format(
                name=source("ADMIN_EMAIL").name
            ),
        )


def uploads(asked: Asked) -> Iterator[Finding]:
    """Writes, reads and deletes one small file, where pictures are kept."""
    what, in_folder = gettext("Pictures"), isinstance(storages["default"], FileSystemStorage)
    name = naming.name("MEDIA_ROOT" if in_folder else "STORAGES")
    if asked.offline and not in_folder:
        return
    told, given = f"health/{secrets.token_hex(8)}.txt", secrets.token_bytes(16)
    try:
        kept = default_storage.save(told, ContentFile(given))
        with default_storage.open(kept) as file:
            same = file.read() == given
        default_storage.delete(kept)
    except Exception as fault:  # noqa: BLE001 - every storage has faults of its own
        kind = type(fault).__name__
        remedy = gettext("Let the service's user write to the folder of {setting}, and see that its disk is not full.")
        if not in_folder:
            remedy = gettext("Compare key, bucket and region in {setting}, and what the key may do there.")
        yield problem(
            what,
            gettext("A file could not be written, read and deleted ({kind}).").format(kind=kind),
            remedy.format(setting=name),
            why=gettext("Nobody can upload a picture."),
        )
        return
    if not same:
        yield problem(what, gettext("A file came back changed."), gettext("Look at {setting}.").format(setting=name))
        return
    yield good(what, gettext("They can be written and read: {setting}.").format(setting=name))
