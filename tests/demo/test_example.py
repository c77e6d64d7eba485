"""The example single-page app: where it runs, and what it is served with."""

import re

import pytest

from config.environment import ROOT
from demo import example
from demo.surroundings import SurroundingsError, look_around

SPA = ROOT / "demo" / "spa" / "static"


def around(tmp_path, **told):
    return look_around({"PORT": "8100", "PROVIDER_PORT": "9100", **told}, tmp_path / "none")


def test_example_is_left_out_unless_asked_for(tmp_path):
    assert example.wanted(around(tmp_path), {}) is None
    assert example.wanted(around(tmp_path), {"SPA": "off"}) is None


def test_example_has_an_instance_of_its_own_and_leaves_the_first_alone(tmp_path):
    first = around(tmp_path)
    spa = example.wanted(first, {"SPA": "on"})
    assert (spa.url, spa.service_url) == ("http://localhost:8101", "http://localhost:8102")
    assert spa.service["FRONTEND_URL"] == spa.url
    assert spa.service["APP_URL"] == spa.service_url
    assert "FRONTEND_URL" not in first.service
    assert spa.service.get("DATABASE_URL") == first.service.get("DATABASE_URL")


@pytest.mark.parametrize("port", ["x", "0", "70000", "8100", "8099", "9100"])
def test_port_that_cannot_be_is_refused_in_words(tmp_path, port):
    with pytest.raises(SurroundingsError, match="SPA_PORT"):
        example.wanted(around(tmp_path), {"SPA": "on", "SPA_PORT": port})


def test_page_has_no_inline_code():
    page = (SPA / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\son\w+=|\sstyle=|javascript:", page)
    assert re.findall(r"<script[^>]*>([^<]*)</script>", page) == [""]
