import pytest

from fairlead.idtokens import strict_json


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e400]",
        b'["\\ud800"]',
        b'{"\\udc00": 1}',
        b'["nul \\u0000"]',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"1" * 5000,
        b"{} {}",
        b"{'a': 1}",
        "{}".encode("utf-16"),
    ],
)
def test_text_that_is_no_strict_json_is_refused_cleanly(text):
    with pytest.raises(strict_json.NotStrictJson):
        strict_json.loads(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [(b' {"a": [1, 2.5, null, "\\u00fc\\ud83d\\ude00"]} ', {"a": [1, 2.5, None, "ü😀"]}), ('"ß"', "ß"), (b"0", 0)],
)
def test_ordinary_json_is_read(text, value):
    assert strict_json.loads(text) == value
