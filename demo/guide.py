"""What `make run` prints once everything answers: addresses, people, passwords, what to try."""

from demo.people import AT_THE_PROVIDER, LOCAL_ACCOUNTS, LOCAL_PASSWORD, PROVIDER_PASSWORD
from demo.surroundings import Surroundings


def text(around: Surroundings) -> str:
    parts = [_addresses(around), _people(around), _api(around)]
    return "\n" + "\n\n".join(part for part in parts if part) + "\n\nCtrl-C stops both. The log follows.\n"


def _addresses(around: Surroundings) -> str:
    rows = [
        ("Fairlead", f"{around.app_url}/login"),
        ("Your account", f"{around.app_url}/account"),
        ("Administration", f"{around.app_url}/admin/"),
        ("API, to read and try", f"{around.app_url}/api/docs"),
        ("Demo provider", f"{around.provider_origin}/"),
    ]
    return "Fairlead is running.\n\n" + _table(rows)


def _people(around: Surroundings) -> str:
    there = [(each.email, each.what_happens) for each in AT_THE_PROVIDER]
    here = [(each.email, "administrator" if each.administrator else each.name) for each in LOCAL_ACCOUNTS]
    lines = [f"People at the demo provider (click on one, or use the password {PROVIDER_PASSWORD}):", _table(there)]
    if around.own_database:
        lines += ["", f"Local accounts (password {LOCAL_PASSWORD}):", _table(here)]
    else:
        lines += ["", "DATABASE_URL is yours, so no demo accounts were put into that database."]
    return "\n".join(lines)


def _api(around: Surroundings) -> str:
    lines = [
        "To try:",
        f'  1. Open {around.app_url}/login and choose "Sign in with Demo provider", then Demo Person.',
        "  2. The whole story over HTTP, told step by step, in a second terminal: make tour",
        "  3. The API, in a second terminal:",
        f"       curl {around.app_url}/api/auth/oidc/config",
    ]
    if around.own_database:
        body = f'{{"email": "local@example.org", "password": "{LOCAL_PASSWORD}"}}'
        lines += [
            f"       curl {around.app_url}/api/auth/login -H 'Content-Type: application/json' -d '{body}'",
            "  4. The API key of Demo Organization is in var/demo-api-key. README.md goes on from there.",
            f'       curl {around.app_url}/org/userPool -H "Authorization: Bearer $(cat var/demo-api-key)"',
        ]
    return "\n".join(lines)


def _table(rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name.ljust(width)}  {value}" for name, value in rows)
