"""A document's earlier rows by position, and what country they belong to: the ground the columns of frames stand on."""

from __future__ import annotations

from bisect import bisect_left

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames_reference import HOME, countries, state_media
from warehouse.reference import Reference

WHOLE_COUNTRY = ("dprk", "north_korea")
SOURCES = ("entity_mentions", "dates", "quantities", "quotations", "attributions")


class Rows:
    """The rows found before in a document. Spans are document offsets."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        self.document = document
        self.countries = countries(reference)
        self.state_media = state_media(reference)
        self._rows = {name: sorted(found.get(name, ()), key=lambda r: r["start_char"]) for name in SOURCES}
        self._starts = {name: [r["start_char"] for r in rows] for name, rows in self._rows.items()}

    def rows(self, table: str, start: int, end: int) -> list[Row]:
        """The rows of `table` that lie inside [start, end), in order."""
        rows, starts = self._rows[table], self._starts[table]
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        return [r for r in rows[first:last] if r["end_char"] <= end]

    def mentions(self, start: int, end: int, *kinds: str) -> list[Row]:
        """The resolved entity mentions of these kinds inside the span."""
        return [r for r in self.rows("entity_mentions", start, end) if r.get("entity_id") and r["entity_kind"] in kinds]

    def country(self, mention: Row) -> str | None:
        """The country a mention belongs to, if the reference data says."""
        return self.countries.get(mention["entity_id"])

    def is_outside_outlet(self, outlet_id: str | None) -> bool:
        """The outlet is known and no state media."""
        return self.state_media.get(outlet_id or "") is False

    def names_domestic(self, start: int, end: int) -> bool:
        """A place or organization of the DPRK is named."""
        return any(
            self.country(m) == HOME for m in self.mentions(start, end, "place", "organization", "person", "policy")
        )

    def names_foreign(self, start: int, end: int) -> bool:
        """A place or organization of another country is named."""
        return any(self.country(m) not in (HOME, None) for m in self.mentions(start, end, "place", "organization"))

    @property
    def domestic_count(self) -> int:
        """How many mentions in the document belong to the DPRK."""
        mentions = self._rows["entity_mentions"]
        return sum(self.countries.get(str(m.get("entity_id"))) == HOME for m in mentions)
