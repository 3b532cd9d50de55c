"""Pieces cut out of a text, and what they leave."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from assets.cleaned.lines import Line, ends_sentence, lines_of

_WRAPPED_LINES: Final = 5
_NARROWEST: Final = 50
_WIDEST: Final = 100
_FULL_SHARE: Final = 0.7
_MOST: Final = 0.7
_ITEM: Final = re.compile(r"(?:[*+•·▪►–-]|\d{1,2}[.)])\s")


class Cut(NamedTuple):
    """A piece of the raw text that is residue: [start, end) in code points, and its kind."""

    start: int
    end: int
    kind: str


class Notice(NamedTuple):
    """A line of residue, with the kind of the cut it was in."""

    kind: str
    line: str


def notices_of(text: str, cuts: Sequence[Cut]) -> list[Notice]:
    """The lines of what was cut, in order."""
    return [Notice(c.kind, line.text) for c in cuts for line in lines_of(text[c.start : c.end])]


def merged(text: str, cuts: Sequence[Cut]) -> list[Cut]:
    """Cuts with neighbours of the same kind joined where only white space stands between them."""
    joined: list[Cut] = []
    for cut in cuts:
        last = joined[-1] if joined else None
        if last and cut.start < last.end:
            continue
        if last and last.kind == cut.kind != "footnote_marker" and not text[last.end : cut.start].strip():
            joined[-1] = Cut(last.start, cut.end, cut.kind)
        else:
            joined.append(cut)
    return joined


def text_without(text: str, cuts: Sequence[Cut]) -> str:
    """What the cuts leave: stripped lines, at most one blank line between two, none at either end.

    In a text wrapped at a fixed width the lines of a paragraph are joined with a space.
    """
    lines = lines_of(Left(text, cuts).text)
    width = _wrapped_width(lines)
    kept: list[str] = []
    for index, line in enumerate(lines):
        if index and width and _continues(lines[index - 1], line, width):
            kept[-1] += " " + line.text
            continue
        if line.after_blank and kept:
            kept.append("")
        kept.append(line.text)
    return "\n".join(kept)


class Left:
    """What cuts leave of a text, and the way back to offsets in the text as received."""

    def __init__(self, text: str, cuts: Sequence[Cut]) -> None:
        pieces: list[str] = []
        self._starts: list[int] = []
        self._shifts: list[int] = []
        position = length = 0
        for cut in [*cuts, Cut(len(text), len(text), "markup")]:
            self._starts.append(length)
            self._shifts.append(position - length)
            pieces.append(text[position : cut.start])
            length += cut.start - position
            position = cut.end
        self.text = "".join(pieces)

    def raw(self, cut: Cut) -> Cut:
        """A cut of what is left as a cut of the text as received; what was cut inside it is part of it."""
        return Cut(self._offset(cut.start), self._offset(cut.end - 1) + 1, cut.kind)

    def _offset(self, offset: int) -> int:
        return offset + self._shifts[bisect_right(self._starts, offset) - 1]


def _wrapped_width(lines: Sequence[Line]) -> int:
    """The width a text is wrapped at; 0 if its lines are paragraphs: then they vary, or mostly end sentences."""
    inner = [a for a, b in pairwise(lines) if not b.after_blank]
    width = max((len(line.text) for line in lines), default=0)
    if len(inner) < _WRAPPED_LINES or not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(len(line.text) >= _FULL_SHARE * width for line in inner)
    broken = sum(not ends_sentence(line.text) for line in inner)
    return width if full >= _MOST * len(inner) and broken >= _MOST * len(inner) else 0


def _continues(above: Line, line: Line, width: int) -> bool:
    if line.after_blank or _ITEM.match(line.text):
        return False
    return len(above.text) >= _FULL_SHARE * width or not ends_sentence(above.text)
