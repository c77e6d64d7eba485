"""The demo provider beside a project of somebody else's."""

from tests.providers.toolkit import Toolkit


def as_variables(toolkit: Toolkit) -> dict[str, str]:
    """What the projects' settings read from their environment."""
    return {"ISSUER": toolkit.issuer, "CLIENT_ID": toolkit.confidential_id, "CLIENT_SECRET": toolkit.client_secret}
