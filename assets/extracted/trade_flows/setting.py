"""What a report on trade has said before a figure: countries, period, reporter."""

from __future__ import annotations

import re
from datetime import date, timedelta

from assets.extracted.document import Document, Found, Row, Sentence, within
from assets.extracted.numbers import digits_to_number, words_to_number
from assets.extracted.trade_flows.figures import Figure
from assets.extracted.trade_flows.flows import Country, Direction, Flow, of_part

Period = tuple[date, date]
_SPANS = frozenset({"month", "quarter", "half", "year", "range"})
_JOINED = re.compile(r"^\s*(?:and|to|through|until|[-–])\s*$")
_COMPARED = 44
"""Characters before a date in which "from" or "than" makes it the time compared with."""
_FIRST_MONTHS = re.compile(r"\bfirst (?P<count>\w+) months (?:of|in) (?:the )?$", re.IGNORECASE)


class Setting:
    """The countries a document names, and the direction, period, basis and reporter its figures have come to."""

    def __init__(self, document: Document, found: Found) -> None:
        self._mentions: list[Row] = [
            r
            for r in found.get("entity_mentions", ())
            if r["entity_kind"] == "place" and r.get("entity_id") and r["entity_id"] != "seoul"
        ]
        self.direction: Direction | None = None
        self.period: Period | None = None
        self.basis: str | None = None
        self.reporter: str | None = None
        self.ordinal = -99
        reporters = {r for s in [document.text] if (r := reporter_of(s))}
        self.only_reporter = next(iter(reporters)) if len(reporters) == 1 else None

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


def reporter_of(text: str) -> str | None:
    """Whose statistics a text says it gives, if it names one."""
    for rule in of_part("reporter"):
        if rule.pattern.search(text):
            reporter: str = rule.options["reporter_id"]
            return reporter
    return None


def period_of(text: str, sentence: Sentence, flow: Flow, figure: Figure, found: Found) -> Period | None:
    """The time a figure is about: the span of time nearest to it that is not the one compared with."""
    dates = [
        d
        for d in within(found.get("dates", ()), sentence.start, sentence.end)
        if d["granularity"] in _SPANS and d["start_date"] and d["end_date"]
    ]
    own = [d for d in dates if not _is_compared(text, d["start_char"] - sentence.start)]
    if not own:
        return None
    middle = (max(flow.start, 0) + figure.end) / 2 + sentence.start
    nearest = min(own, key=lambda d: abs((d["start_char"] + d["end_char"]) / 2 - middle))
    return _joined(text, sentence, nearest, own)


def _is_compared(text: str, start: int) -> bool:
    return any(r.pattern.search(text[max(0, start - _COMPARED) : start]) for r in of_part("base"))


def _joined(text: str, sentence: Sentence, row: Row, own: list[Row]) -> Period:
    """The span of a date and of those joined to it ("January and February 2023")."""
    start, end = row["start_date"], row["end_date"]
    index = own.index(row)
    for other, left, right in ((index - 1, index - 1, index), (index + 1, index, index + 1)):
        if 0 <= other < len(own):
            between = text[own[left]["end_char"] - sentence.start : own[right]["start_char"] - sentence.start]
            if _JOINED.match(between):
                start, end = min(start, own[other]["start_date"]), max(end, own[other]["end_date"])
    months = _FIRST_MONTHS.search(text[: row["start_char"] - sentence.start])
    return (start, _end_of_month(start, months["count"]) or end) if months else (start, end)


def _end_of_month(start: date, count: str) -> date | None:
    """The last day of the `count`th month from `start`, None if `count` is no number from 1 to 12."""
    try:
        months = int(digits_to_number(count) if count.isdigit() else words_to_number(count.lower()))
    except KeyError:
        return None
    if not 1 <= months <= 12:
        return None
    year, month = divmod(start.month - 1 + months, 12)
    return date(start.year + year, month + 1, 1) - timedelta(days=1)
