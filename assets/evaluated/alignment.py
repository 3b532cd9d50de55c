"""Positions in one text as positions in another that holds the same words."""

from __future__ import annotations

import re
from bisect import bisect_right
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from assets.evaluated.gold import Span
from assets.evaluated.names import plain

# Words end where case or script changes, so that words a page runs together are found in those that stand apart.
_TOKEN: Final = re.compile(
    r"[A-Z]?[a-z\u00df-\u00ff]+|[A-Z]+(?![a-z])|[A-Z]|\d+|[^\W\d_]+|[^\w\s]|_",
)
_LONE_TOKEN: Final = 4
"""Characters a token needs to be a match on its own; shorter ones are found anywhere."""


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [_Token(m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(plain(text))]


class Alignment:
    """The words of `source` found again in `target`, in order."""

    def __init__(self, source: str, target: str) -> None:
        self._source, self._target = _tokens(source), _tokens(target)
        self._starts = [t.start for t in self._source]
        self._at = _pairs([t.text for t in self._source], [t.text for t in self._target])

    def span(self, start: int, end: int) -> Span | None:
        """Where the characters [start, end) of the source stand in the target, to whole words.

        None if most of their words are not there.
        """
        first = max(0, bisect_right(self._starts, start) - 1)
        inside = [i for i in range(first, bisect_right(self._starts, end - 1)) if self._source[i].end > start]
        found = [self._at[i] for i in inside if i in self._at]
        if not inside or 2 * len(found) < len(inside):
            return None
        return self._target[min(found)].start, self._target[max(found)].end


def _pairs(source: list[str], target: list[str]) -> dict[int, int]:
    if source == target:
        return {i: i for i in range(len(source))}
    blocks = SequenceMatcher(None, source, target, autojunk=False).get_matching_blocks()
    return {
        i + k: j + k
        for i, j, length in blocks
        if length > 1 or (length == 1 and len(source[i]) >= _LONE_TOKEN)
        for k in range(length)
    }
