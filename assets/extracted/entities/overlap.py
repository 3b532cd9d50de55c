"""Of names that overlap, the longest."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from assets.extracted.entities.span import Span

_START = attrgetter("start")
_SURE = frozenset({"reference_name", "korean_name"})
_ALONE, _LISTED = b"\x01", b"\x02"


def without_overlap(spans: Iterable[Span]) -> list[Span]:
    """The longest of spans that overlap, in order; members of one list may overlap each other."""
    kept: list[Span] = []
    together: list[Span] = []
    reach = 0
    for span in sorted(spans, key=_START):
        if span.start >= reach:  # most names touch no other: only those that do are compared
            kept += together if len(together) < 2 else _longest(together, reach)
            together = [span]
            reach = span.end
        else:
            together.append(span)
            if span.end > reach:
                reach = span.end
    kept += together if len(together) < 2 else _longest(together, reach)
    return kept


def _longest(spans: list[Span], reach: int) -> list[Span]:
    """The longest of `spans`, which touch one another, in order of their starts, up to `reach`."""
    whole = spans[0]
    if whole.end == reach and not whole.listed and spans[1].start > whole.start:  # the others stand inside the first
        return [whole]
    first = whole.start
    taken = bytearray(reach - first)
    kept: list[Span] = []
    listed: set[tuple[int, int]] = set()
    for span in sorted(spans, key=_rank):
        start, end = span.start - first, span.end - first
        free = taken.find(_ALONE, start, end) < 0 and (span.listed or taken.find(_LISTED, start, end) < 0)
        if free and (start, end) not in listed:
            kept.append(span)
            taken[start:end] = (_LISTED if span.listed else _ALONE) * (end - start)
            if span.listed:
                listed.add((start, end))
    return sorted(kept, key=_place)


def _rank(span: Span) -> tuple[int, int, bool]:
    return span.start - span.end, span.start, span.rule not in _SURE


def _place(span: Span) -> tuple[int, int]:
    return span.start, -span.end
