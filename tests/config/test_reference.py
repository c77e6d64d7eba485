"""docs/settings.md and .env.example are what the tables say."""

import re

import pytest

from config import reference
from config.environment import ROOT


@pytest.mark.parametrize("path", reference.files(), ids=lambda path: path.name)
def test_written_file_is_current(path):
    assert path.read_text(encoding="utf-8") == reference.files()[path], "run `make docs`"


def test_every_variable_of_the_server_is_told():
    read = re.findall(r'os\.environ\.get\("([A-Z_]+)"', (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8"))
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in read if f"`{name}`" not in settings] == []
