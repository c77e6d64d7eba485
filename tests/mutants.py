"""Faults that are made on purpose, one at a time, in a copy of the tree, and the tests that must then fail.

`make mutants` runs them all; `python -m tests.mutants linking tenancy` those of some files. One that survives is a rule
that nothing holds. tests/test_mutants.py keeps the list true to the code.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
SECONDS = 180  # for one mutant's tests


class Mutant(NamedTuple):
    """`old` stands once in the file, and becomes `new`; one of `tests` (files or folders) has to fail."""

    path: str
    old: str
    new: str
    tests: str


LINKING = "oidc_login/flow/linking.py"
PROVISIONING = "oidc_login/flow/provisioning.py"
CALLBACK = "oidc_login/flow/callback.py"
TOKENS = "accounts/sessions/tokens.py"
MEETING = "tests/oidc_login/test_meeting.py tests/oidc_login/test_linking.py"
SESSIONS = "tests/accounts/test_sessions.py tests/accounts/test_sign_in.py"
LINKS = "tests/accounts/test_verification_links.py tests/accounts/test_account_api.py"
PROVIDERS = "tests/oidc_login/test_two_providers.py tests/oidc_login/test_callback.py"
HEALTH = "fairlead/web/health/"
ORGS = "tests/orgs/test_access.py tests/sdkclients/test_sdk_client_calls.py"
MEMBERS = "tests/orgs/test_member_calls.py"
INVITATIONS = "tests/orgs/test_invitation_calls.py"
ROLES = "tests/orgs/test_roles.py"
APP_USERS = "tests/sdkclients/test_app_user_door.py tests/userpools/test_hosted_pools.py"

MUTANTS = [
    # linking
    Mutant(LINKING, "is EmailVerified.TRUE\n    staff", "is not EmailVerified.FALSE\n    staff", MEETING),
    Mutant(LINKING, "by_itself = proven and not staff and", "by_itself = proven and", MEETING),
    Mutant(LINKING, "wipe_unverified=not account.email_verified", "wipe_unverified=False", MEETING),
    Mutant(LINKING, "if found.other_subject and not (by_itself and not account.email_verified):", "if False:", MEETING),
    Mutant(LINKING, "return _blocked(account) or Decision(", "return Decision(", MEETING),
    Mutant(LINKING, 'account.has_password and linking != "never"', "account.has_password", MEETING),
    Mutant(LINKING, "if not signup.domain_allowed:", "if False:", MEETING),
    # provisioning
    Mutant(PROVISIONING, "removed = decision.wipe_unverified and", "removed = False and", MEETING),
    Mutant(PROVISIONING, 'if site.state(user).status == "pending":', "if False:", MEETING),
    Mutant(PROVISIONING, "pending=decision.review", "pending=False", MEETING),
    Mutant(PROVISIONING, "if not account.name_is_own:", "if True:", "tests/oidc_login/test_meeting.py tests/accounts/test_account_api.py"),
    Mutant(PROVISIONING, "and external.email_canonical == account.email_canonical:", ":", MEETING),
    # the callback
    Mutant(CALLBACK, "if issuer and issuer != provider.issuer:", "if False:", PROVIDERS),
    Mutant(CALLBACK, "(provider.issuer, provider.client_id) != (begun.issuer, begun.client_id)", "False", PROVIDERS),
    Mutant(CALLBACK, "enabled_only=begun.purpose != Purpose.DRY_RUN", "enabled_only=False", PROVIDERS),
    Mutant("oidc_login/flow/browser_binding.py", "return bool(value) and hmac.compare_digest(digest(value), binding)", "return True", PROVIDERS),
    # mailed links
    Mutant("accounts/email/links.py", "purpose__in=purposes, ", "", "tests/accounts/test_account_api.py tests/accounts/test_address_changes.py"),
    Mutant("accounts/email/links.py", ", expires_at__gt=now)\n        .exclude", ")\n        .exclude", LINKS),
    Mutant("accounts/email/verification.py", "if session is None or session.user_id != link.user_id:", "if session is None:", LINKS),
    Mutant("accounts/email/verification.py", "link.email != link.holder.email_canonical", "False", LINKS),
    Mutant("accounts/administrator.py", "or not VerifiedBy(user.verified_by).makes_administrator:", ":", "tests/accounts/test_registration.py tests/oidc_login/test_meeting.py"),
    Mutant("accounts/administrator.py", "if user.status == User.Status.SUSPENDED:", "if False:", "tests/accounts/test_people.py"),
    # sessions and tokens
    Mutant("accounts/sessions/lifecycle.py", "    account_status.require_active(user)\n", "", SESSIONS),
    Mutant("accounts/sessions/lifecycle.py", "    RefreshToken.objects.filter(session__in=ended).delete()\n", "", SESSIONS),
    Mutant("accounts/sessions/lifecycle.py", "    MailedLink.objects.filter(session__in=ended).delete()\n", "", "tests/accounts/test_address_changes.py"),
    Mutant("accounts/sessions/lifecycle.py", "<= FRESH", "<= 100 * FRESH", "tests/accounts/test_account_api.py tests/oidc_login/test_identities.py"),
    Mutant(TOKENS, "not row.session.is_open(now):", "False:", SESSIONS),
    Mutant(TOKENS, "not row.session.user.is_active:", "False:", SESSIONS),
    Mutant(TOKENS, "if successor is None and lifecycle.end(row.session, request=request):", "if False:", SESSIONS),
    Mutant(TOKENS, "digest__in=[each.digest for each in candidates], rotated_at=None", "digest__in=[each.digest for each in candidates]", SESSIONS),
    Mutant("accounts/sessions/access_tokens.py", "issuer=conf().origin,", "issuer=None,", "tests/doors/test_list.py"),
    Mutant("accounts/sessions/access_tokens.py", "(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)", "(settings.SECRET_KEY,)", "tests/accounts/test_secret_key_rotation.py"),
    Mutant("accounts/authentication.py", "filter(pk=token.session_id, user=token.user_id).first()\n    if session is None or session.ended_at", "filter(pk=token.session_id).first()\n    if session is None or session.ended_at", "tests/doors/test_list.py"),
    # tenancy and roles
    Mutant("fairlead/orgs/tenancy.py", "_default_manager.filter(organization=of, **only)", "_default_manager.filter(**only)", ORGS),
    Mutant("fairlead/orgs/authentication.py", "named != key.organization_id:", "False:", ORGS),
    Mutant("fairlead/orgs/authentication.py", "ended_at=None, ", "", ORGS),
    Mutant("fairlead/orgs/authentication.py", ", organization__disabled_at=None", "", ORGS),
    Mutant("fairlead/orgs/authentication.py", "caller=Caller(membership.role)", "caller=Caller.ADMIN", ORGS),
    Mutant("fairlead/orgs/permissions.py", "if not rights.allowed(caller, right):", "if False:", ORGS),
    Mutant("fairlead/orgs/invitations.py", "if found is None or not _still_vouched_for(found):", "if found is None:", INVITATIONS),
    Mutant("fairlead/orgs/invitations.py", "email_canonical != invitation.email_canonical:", "email_canonical == '':", INVITATIONS),
    Mutant("fairlead/orgs/invitations.py", "organization__disabled_at=None,", "", INVITATIONS),
    Mutant("accounts/invitations.py", "if account_of(invitation) is not None:", "if False:", INVITATIONS),
    Mutant("fairlead/orgs/members.py", "any(each.user.is_active for each in others)", "others", MEMBERS),
    Mutant("fairlead/orgs/members.py", "if before is Role.ADMIN and role is not Role.ADMIN:", "if False:", MEMBERS),
    Mutant("fairlead/orgs/views/members.py", "            permissions.require(request, Right.MANAGE)\n", "", MEMBERS),
    Mutant("fairlead/orgs/permissions.py", "if right in rights.FRESH:", "if False:", ROLES),
    Mutant("fairlead/orgs/permissions.py", "> FRESH:", "> 100 * FRESH:", ROLES),
    # app users
    Mutant("userpools/app_users.py", "if user.blocked_at is not None:", "if False:", "tests/sdkclients/test_app_user_door.py"),
    Mutant("userpools/app_users.py", "or issued_at < after.timestamp():", ":", APP_USERS),
    Mutant("userpools/id_claim.py", 'token.claims.get("email_verified") is not True:', 'not token.claims.get("email_verified"):', "tests/userpools/test_id_claim.py"),
    Mutant("sdkclients/identity.py", "if pool is None or pool.issuer != issuer:", "if pool is None:", APP_USERS),
    # identities and rows that count once
    Mutant("oidc_login/identities.py", "if not _another_way_in(user, identity):", "if False:", "tests/oidc_login/test_identities.py"),
    Mutant("oidc_login/identities.py", "if here is not None and here.user.pk == user.pk:", "if here is not None:", "tests/oidc_login/test_identities.py"),
    Mutant("fairlead/credentials/one_time.py", "now=now, expires_at__gt=now, **also", "now=now, **also", "tests/credentials tests/oidc_login/test_callback.py"),
    Mutant("fairlead/credentials/one_time.py", ", tries__lt=cls.MOST_TRIES", "", MEETING),
    Mutant("oidc_login/flow/redemption.py", "if not browser_binding.matches(row, request=request, code_verifier=code_verifier):\n        raise LoginRefused(\"exchange_code.bound_elsewhere\")", "if False:\n        raise LoginRefused(\"exchange_code.bound_elsewhere\")", PROVIDERS),
    # what the outside is told and believed
    Mutant("fairlead/idtokens/http_adapters.py", "hostname_checks_common_name = False", "hostname_checks_common_name = True", "tests/idtokens/test_outbound_tls.py"),
    Mutant("oidc_login/flow/access_token_exchange.py", 'if id_claims is not None and id_claims["sub"] != subject:', "if False:", "tests/oidc_login/test_mobile.py"),
    Mutant("oidc_login/serializers.py", "access_token = Text(max_length=16384, trim_whitespace=False)", "access_token = Text(max_length=16384)", "tests/doors/test_tokens.py"),
    # the examination of an installation
    Mutant(HEALTH + "hidden.py", 'text.replace(secret, "***")', "text", "tests/web/test_doctor.py"),
    Mutant(HEALTH + "echo.py", 'not constant_time_compare(proof, signed(asked, "asked"))', "False",
           "tests/web/test_doctor_outside.py"),
    Mutant(HEALTH + "from_outside.py", "- (hops[:1] == [echo.CLAIMED])", "", "tests/web/test_doctor_outside.py"),
    Mutant(HEALTH + "page.py", "not request.user.has_perm(PERMISSION)", "False", "tests/web/test_health_page.py"),
]  # fmt: skip


def outcome(mutant: Mutant, tree: Path, *, database: str = "", seconds: float = SECONDS) -> str:
    """The first test that fails, or an empty text."""
    file = tree / mutant.path
    good = file.read_text()
    file.write_text(good.replace(mutant.old, mutant.new))
    command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-x", "-q", "-p", "no:xdist", *mutant.tests.split()]
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            command, cwd=tree, env=environment, timeout=seconds, capture_output=True, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {seconds} s"
    finally:
        file.write_text(good)
    failed = [line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].split(" - ")[0].partition(" ")[2] if failed else ""


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the tree, where things may be broken."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "*.pyc"))
        (tree / "var").mkdir()
        yield tree


def main(names: list[str]) -> int:
    chosen = [each for each in MUTANTS if not names or Path(each.path).stem in names]
    survivors = 0
    with copied() as tree:
        for mutant in chosen:
            text = (ROOT / mutant.path).read_text()
            line = text[: text.index(mutant.old)].count("\n") + 1
            killer = outcome(mutant, tree)
            survivors += not killer
            sys.stdout.write(f"{mutant.path}:{line} {mutant.new!r}: {killer or 'SURVIVED'}\n")
            sys.stdout.flush()
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
