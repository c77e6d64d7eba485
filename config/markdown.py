"""A cause's sentence as Markdown: facts in italics, settings as code."""

import re

from config.explained import pieces

_SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|\b[a-z]+(?:_[a-z]+)+\b")


def sentence(text: str) -> str:
    return "".join(f"*{piece}*" if fact else _SETTING.sub(r"`\g<0>`", piece) for piece, fact in pieces(text))


def headline(title: str) -> str:
    """A title as the beginning of a paragraph: it ends with a mark."""
    return title if title.endswith("?") else f"{title}."
