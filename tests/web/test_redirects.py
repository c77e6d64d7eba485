"""A redirect leads to a path of this site, as a browser reads it, or nowhere."""

import pytest

from fairlead.web.redirects import safe_path


@pytest.mark.parametrize(
    "value",
    [
        "/",
        "/account",
        "/a/b?c=d&e=%20#f",
        "/search?next=https://elsewhere.example/x",
        "/people/@me",
        "/caf%C3%A9",
        "/a;b,c/(d)",
        "/%25",
    ],
)
def test_paths_of_this_site_pass_unchanged(value):
    assert safe_path(value) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "account",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        " /account",
        "/account ",
        "/%2fevil.example",
        "/%2Fevil.example",
        "/%5cevil.example",
        "/%252fevil.example",
        "/%25252fevil.example",
        "/%2525252525252525252fevil.example",
        "/%09/evil.example",
        "/%250a/evil.example",
        "/%00",
        "/x%0d%0aSet-Cookie:y",
        "/x\r\nSet-Cookie:y",
        "/\x00",
        "/.//evil.example",
        "/..//evil.example",
        "/a//evil.example",
        "/a/%2e%2e/%2fevil.example",
        "/@evil.example",
        "/user:pass@evil.example",
        "/%40evil.example",
        "https://evil.example",
        "https:/evil.example",
        "https:evil.example",
        "HTTPS://evil.example",
        "http://testserver@evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "java\tscript:alert(1)",
        "/\uff0fevil.example",
        "/%EF%BC%8Fevil.example",
        "\uff0f\uff0fevil.example",
        "/\u2028/evil.example",
        "/\u200b/evil.example",
        "/%zz",
        "/<script>",
        '/"onmouseover=',
        "/" + "a" * 3000,
        "?next=/x",
        "#x",
    ],
)
def test_everything_else_leads_nowhere(value):
    assert safe_path(value) is None
