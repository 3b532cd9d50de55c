"""The patterns of `rules/frames.toml` by name, and text in small letters."""

from __future__ import annotations

import re
from functools import cache

from assets.extracted.rules import rules

_ASCII_LOWER = {c: c + 32 for c in range(ord("A"), ord("Z") + 1)}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {r.name: r.pattern for r in rules("frames")}


def pattern(name: str) -> re.Pattern[str]:
    """The pattern called `name` of `rules/frames.toml`. Raises KeyError if there is none."""
    return _patterns()[name]


def lowered(text: str) -> str:
    """`text` in small letters with every character at its place."""
    small = text.lower()
    return small if len(small) == len(text) else text.translate(_ASCII_LOWER)
