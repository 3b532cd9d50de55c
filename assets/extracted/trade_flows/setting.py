"""What a report on trade has said before a figure: countries, direction, period, reporter."""

from __future__ import annotations

from assets.extracted.document import Document, Found, Row, Sentence, within
from assets.extracted.trade_flows.flows import Country, Direction, of_part
from assets.extracted.trade_flows.periods import Period

_NEAR = 4
"""How many sentences after a flow its countries and period still hold."""


class Setting:
    """The countries a document names, and the direction, period, basis and reporter its figures have come to."""

    def __init__(self, document: Document, found: Found) -> None:
        self._document = document
        self._mentions: list[Row] = [
            r
            for r in found.get("entity_mentions", ())
            if r["entity_kind"] == "place" and r.get("entity_id") and r["entity_id"] != "seoul"
        ]
        self.published = document.published_on
        self.direction: Direction | None = None
        self.period: Period | None = None
        self.basis: str | None = None
        self.reporter: str | None = None
        self.ordinal = -99
        reporters = reporters_of(document.text)
        self.only_reporter = reporters[0] if len(reporters) == 1 else None
        customs = {r.options["reporter_id"]: r.options.get("country") for r in of_part("reporter")}
        self._customs: str | None = customs.get(self.only_reporter or "")

    def countries_of(self, text: str) -> list[Country]:
        """The countries a text names, read from their names and adjectives alone."""
        found = [
            (m.start(), m.end(), r.options["place_id"]) for r in of_part("country") for m in r.pattern.finditer(text)
        ]
        kept: list[Country] = []
        for hit in sorted(found, key=lambda h: (h[0] - h[1], h[0])):
            if all(hit[1] <= k[0] or k[1] <= hit[0] for k in kept):
                kept.append(hit)
        return sorted(kept)

    def countries_in(self, sentence: Sentence, text: str) -> list[Country]:
        """The countries of a sentence, also those only the entity mentions know."""
        kept = self.countries_of(text)
        for row in within(self._mentions, sentence.start, sentence.end):
            start, end = row["start_char"] - sentence.start, row["end_char"] - sentence.start
            if all(end <= k[0] or k[1] <= start for k in kept):
                kept.append((start, end, row["entity_id"]))
        return sorted(kept)

    def recent(self, sentence: Sentence) -> Direction | None:
        """What a bare "exports" belongs to: the last flow's countries, else the country being spoken of.

        Where one of the two countries is not named, it is the one whose customs the figures come from.
        """
        near = self.direction if sentence.ordinal - self.ordinal <= _NEAR else None
        if near is None:
            topic = self._topic(sentence.ordinal)
            return Direction("both", topic, None) if topic else None
        if near.holder is None and near.partner not in (None, self._customs):
            return Direction(near.kind, self._customs, near.partner)
        return near

    def _topic(self, ordinal: int) -> str | None:
        """The country the text is about: the first named in the nearest of the sentences before that names any."""
        near = [s for s in self._document.sentences[max(0, ordinal - _NEAR) : ordinal + 1] if s.ordinal <= ordinal]
        texts = [self._document.title or "", *map(self._document.sentence_text, near)]
        named = [c[0][2] for t in texts if (c := self.countries_of(t))]
        return named[-1] if named else None

    def period_near(self, ordinal: int) -> Period | None:
        """The period of the last flow, if it is near enough to hold still."""
        return self.period if ordinal - self.ordinal <= _NEAR else None


def reporters_of(text: str) -> list[str]:
    """Whose statistics a text says it gives, each named once, in the order of the rules."""
    named = (r.options["reporter_id"] for r in of_part("reporter") if r.pattern.search(text))
    return list(dict.fromkeys(named))
