"""What an administrator does to a person from their page. Whom they may touch: `reach`."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import lockouts, policy, review
from accounts.admin.reach import actor, may_touch
from accounts.models import Session, User
from accounts.passwords import reset
from accounts.sessions import lifecycle
from fairlead.web.object_tools import Tool, Words

Status = User.Status


def _tool(
    slug: str,
    label: Words,
    *says: Words,
    do: Callable[..., Any],
    done: Words,
    offered: Callable[[HttpRequest, User], bool],
) -> Tool:
    def use(request: HttpRequest, person: User) -> Words:
        if not do(person, actor=actor(request), request=request):
            return gettext("Nothing was to be done: it was so already.")
        return done

    def permitted(request: HttpRequest, person: User) -> bool:
        may = request.user.has_perm("accounts.change_user") and may_touch(request, person)
        return may and offered(request, person)

    return Tool(slug=slug, label=label, says=lambda person: says, do=use, offered=permitted)


def _signed_in(request: HttpRequest, person: User) -> bool:
    return Session.objects.filter(user=person, ended_at=None).exists()


TOOLS = (
    _tool(
        "approve", _("Approve"),
        _("The person may sign in from now on, and is told so by mail."),
        do=review.approve, done=_("Approved; a mail tells them."),
        offered=lambda request, person: person.status == Status.PENDING,
    ),
    _tool(
        "reject", _("Reject"),
        _("The person stays out and is told so by mail. The account is kept, suspended."),
        do=review.reject, done=_("Rejected; a mail tells them."),
        offered=lambda request, person: person.status == Status.PENDING,
    ),
    _tool(
        "suspend", _("Suspend"),
        _("The person is signed out on every device, within 15 seconds, and cannot sign in any more, by no way."),
        _("What belongs to the account stays. Reactivate undoes it. No mail is sent."),
        do=review.suspend, done=_("Suspended, and signed out everywhere."),
        offered=lambda request, person: person.status == Status.ACTIVE and person.pk != request.user.pk,
    ),
    _tool(
        "reactivate", _("Reactivate"),
        _("The person may sign in again, the way they did before. Sessions that were ended stay ended."),
        do=review.reactivate, done=_("Reactivated."),
        offered=lambda request, person: person.status == Status.SUSPENDED,
    ),
    _tool(
        "end-sessions", _("End all sessions"),
        _("The person is signed out on every device, within 15 seconds. They may sign in again at once."),
        do=lifecycle.end_all, done=_("Signed out everywhere."),
        offered=_signed_in,
    ),
    _tool(
        "send-reset-link", _("Mail a link to choose a password"),
        _("A link goes to the address of the account. Whoever reads that mailbox can choose a new password with it."),
        _("Choosing one ends every session. Until then nothing changes."),
        do=reset.mail_link, done=_("The link is on its way."),
        offered=lambda request, person: person.status != Status.SUSPENDED and policy.password_sign_in_allowed(),
    ),
    _tool(
        "unlock", _("Unlock"),
        _("Wrong passwords that were tried at this account are forgotten: it may be tried anew, also by who guessed."),
        _("A network that tried too many accounts stays locked until its time is over."),
        do=lockouts.end, done=_("Unlocked: the password may be tried again."),
        offered=lambda request, person: bool(lockouts.of(person)),
    ),
)  # fmt: skip
