"""Pieces cut out of a text, and what they leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assets.cleaned.lines import lines_of


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
    """What the cuts leave: stripped lines, at most one blank line between two, none at either end."""
    pieces, position = [], 0
    for cut in cuts:
        pieces.append(text[position : cut.start])
        position = cut.end
    left = "".join([*pieces, text[position:]])
    kept: list[str] = []
    for line in lines_of(left):
        if line.after_blank and kept:
            kept.append("")
        kept.append(line.text)
    return "\n".join(kept)
