"""One list of issuers that strangers share, for both wings."""

import pytest

from fairlead.idtokens.shared_issuers import people_of_many, signs_for_many
from tests.house import sources

TENANT = "8c1f0d2e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "issuer",
    [
        "https://accounts.google.com",
        "https://appleid.apple.com",
        "https://slack.com",
        "https://login.salesforce.com",
        "https://test.salesforce.com",
        "https://login.live.com",
        "https://gitlab.com",
        "https://www.facebook.com",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        "https://login.microsoftonline.us/common/v2.0",
        "https://login.partner.microsoftonline.cn/common/v2.0",
        "https://sts.windows.net/common/",
        "https://LOGIN.MicrosoftOnline.com./Common/v2.0",
        "https://login.microsoftonline.com/",
        "https://securetoken.google.com/project",
        "",
        "not an address",
        "https://[broken",
    ],
)
def test_nobody_s_address_is_believed_there_without_proof(issuer):
    assert people_of_many(issuer)


@pytest.mark.parametrize(
    "issuer",
    [
        f"https://login.microsoftonline.com/{TENANT}/v2.0",
        f"https://login.microsoftonline.us/{TENANT}/v2.0",
        f"https://sts.windows.net/{TENANT}/",
        "https://example.okta.com",
        "https://keycloak.example.org/realms/staff",
        "https://notgoogle.com",
        "https://google.com.example.org",
    ],
)
def test_an_issuer_of_one_organization_is_its_own(issuer):
    assert not people_of_many(issuer)


def test_keys_of_one_tenant_sign_for_many_all_the_same():
    assert signs_for_many(f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys")
    assert signs_for_many("https://www.googleapis.com/oauth2/v3/certs")
    assert not signs_for_many("https://example.okta.com/oauth2/v1/keys")


def test_there_is_no_second_list():
    """Two lists drift apart, and what one forgot is where the attack goes."""
    naming = [str(path) for path in sources() if "microsoftonline" in path.read_text(encoding="utf-8")]
    assert len([path for path in naming if not path.endswith("presets.py")]) == 1, naming
