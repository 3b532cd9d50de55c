"""Several patterns tried at one place in one go."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMED = re.compile(r"\(\?P<\w+>")
_REFERENCE = re.compile(r"\(\?P=|(?<!\\)\\[1-9]")
_CAPTURING = re.compile(r"(?<!\\)\((?!\?)")


def together(patterns: Sequence[re.Pattern[str]]) -> re.Pattern[str] | None:
    """A pattern that matches at every place, and whose groups, one for each of the patterns, take part where these
    match. Calling it once costs a fraction of calling them one by one. None if one of them refers to its own groups.
    """
    if any(_REFERENCE.search(p.pattern) for p in patterns):
        return None
    return re.compile("".join(f"(?:(?=({_alone(p)}))|)" for p in patterns))


def _alone(pattern: re.Pattern[str]) -> str:
    """The pattern without groups of its own, with its own case."""
    plain = _CAPTURING.sub("(?:", _NAMED.sub("(?:", pattern.pattern))
    return f"(?{'i' if pattern.flags & re.IGNORECASE else '-i'}:{plain})"
