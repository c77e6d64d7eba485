"""docs/settings.md and .env.example are what the tables say."""

import pytest

from config import reference


@pytest.mark.parametrize("path", reference.files(), ids=lambda path: path.name)
def test_written_file_is_current(path):
    assert path.read_text(encoding="utf-8") == reference.files()[path], "run `make docs`"
