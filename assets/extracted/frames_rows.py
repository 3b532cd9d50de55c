"""A document's earlier rows by position, and what country they belong to: the ground the columns of frames stand on."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from operator import itemgetter

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames_reference import HOME, countries, state_media
from warehouse.reference import Reference

WHOLE_COUNTRY = ("dprk", "north_korea")
SOURCES = ("entity_mentions", "dates", "quantities", "quotations")


_start = itemgetter("start_char")


class Rows:
    """The rows found before in a document. Spans are document offsets."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        self.document = document
        self.countries = countries(reference)
        self.state_media = state_media(reference)
        self._rows = {name: sorted(found.get(name, ()), key=_start) for name in SOURCES}
        self._starts = {name: list(map(_start, rows)) for name, rows in self._rows.items()}

    def rows(self, table: str, start: int, end: int) -> list[Row]:
        """The rows of `table` that lie inside [start, end), in order."""
        starts = self._starts[table]
        first = bisect_left(starts, start)
        last = bisect_left(starts, end, first)
        return [r for r in self._rows[table][first:last] if r["end_char"] <= end] if first < last else []

    def mentions(self, start: int, end: int, *kinds: str) -> list[Row]:
        """The resolved entity mentions of these kinds inside the span."""
        return [r for r in self.rows("entity_mentions", start, end) if r.get("entity_id") and r["entity_kind"] in kinds]

    def is_outside_outlet(self, outlet_id: str | None) -> bool:
        """The outlet is known and no state media."""
        return self.state_media.get(outlet_id or "") is False

    def names_domestic(self, start: int, end: int) -> bool:
        """A place or organization of the DPRK is named."""
        return _one_inside(self._spans_by_country[0], start, end)

    def names_foreign(self, start: int, end: int) -> bool:
        """A place or organization of another country is named."""
        return _one_inside(self._spans_by_country[1], start, end)

    @property
    def domestic_count(self) -> int:
        """How many mentions in the document belong to the DPRK."""
        return len(self._spans_by_country[0])

    @cached_property
    def _spans_by_country(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The spans of the mentions that belong to the DPRK, and of the places and organizations of other countries."""
        domestic, foreign = [], []
        for m in self._rows["entity_mentions"]:
            country = self.countries.get(m.get("entity_id", ""))
            if country == HOME:
                domestic.append((m["start_char"], m["end_char"]))
            elif country:
                foreign.append((m["start_char"], m["end_char"]))
        return domestic, foreign


def _one_inside(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """One of the spans, which are in order, lies inside [start, end)."""
    for first, last in spans[bisect_left(spans, (start, 0)) :]:
        if first >= end:
            return False
        if last <= end:
            return True
    return False
