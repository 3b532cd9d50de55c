"""A document as a report of events: its topic, dates and people, and what its sentences are read as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from assets.extracted.document import Document, Found, Row, Sentence, within
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_HOME = "KP"
_TOPIC, _LEAD = 300, 1500
"""Characters at the top of a text that tell its topic, and in which the meeting it is about is named."""
_NAME = 20
"""Characters before the last part of a compound name in which its first part stands."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An event as one rule finds it in a sentence: offsets in the sentence, the rule and its match."""

    start: int
    end: int
    rule: Rule
    match: re.Match[str]

    @property
    def kind(self) -> str:
        """The event kind."""
        kind: str = self.rule.options["kind"]
        return kind


def _in_dateline(text: str, row: Row) -> bool:
    line = text.rfind("\n", 0, row["start_char"]) + 1
    match = context("dateline").match(text[line : line + 160])
    return match is not None and row["end_char"] <= line + match.end()


class Report:
    """What a document reports: its topic, and the date of the meeting or ceremony it has come to."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        self.text = document.text
        self.published = document.published_on
        self._head = (document.title or "") + " " + document.text[:_TOPIC]
        self._countries = _countries(reference)
        self._mentions = found.get("entity_mentions", ())
        self._found_dates = found.get("dates", ())
        self.days: tuple[date, date] | None = None
        self.has_visit = False
        self.own_dates: dict[tuple[int, int, str], list[Row]] = {}

    @cached_property
    def off_topic(self) -> bool:
        """The top of the text is about a festive or cultural occasion."""
        return context("off_topic").search(self._head) is not None

    @cached_property
    def is_domestic(self) -> bool:
        """The text names the DPRK or something of it."""
        if context("dprk").search(self._head) or context("dprk").search(self.text):
            return True
        return any(self._countries.get(r.get("entity_id") or "") == _HOME for r in self._mentions)

    @cached_property
    def about_assembly(self) -> bool:
        """The top of the text names the assembly or a leading organ of the Party."""
        return context("assembly").search(self.text, 0, _LEAD) is not None

    @cached_property
    def abroad(self) -> list[Row]:
        """The mentions of what belongs to another country, but for partners in names ("Kosan-China Joint Venture")."""
        named = [r for r in self._mentions if self._countries.get(r.get("entity_id") or "", _HOME) not in (_HOME, None)]
        before = [(self.text[max(0, r["start_char"] - _NAME) : r["start_char"]], r) for r in named]
        return [r for lead, r in before if not context("partner").search(lead)]

    @cached_property
    def people(self) -> list[Row]:
        """The mentions of people."""
        return [r for r in self._mentions if r["entity_kind"] == "person"]

    @cached_property
    def dates(self) -> list[Row]:
        """The dates that may be an event's: not those of date lines, nor decades."""
        return [
            d
            for d in self._found_dates
            if d.get("start_date") and d["granularity"] != "decade" and not _in_dateline(self.text, d)
        ]

    def dates_in(self, sentence: Sentence) -> list[Row]:
        """The dates of a sentence."""
        return within(self.dates, sentence.start, sentence.end)

    def day_named_before(self, offset: int) -> tuple[date, date] | None:
        """The last single day named before `offset`, which "the same day" goes back to; no day of a report's own."""
        for row in reversed(self.dates):
            if row["end_char"] <= offset and row["start_date"] == row["end_date"]:
                lead = self.text[max(0, row["start_char"] - 20) : row["start_char"]]
                if not context("told_that_day").search(lead):
                    return row["start_date"], row["end_date"]
        return None

    def people_in(self, start: int, end: int) -> list[Row]:
        """The people named between two offsets of the document."""
        return within(self.people, start, end)


@cache
def _countries(reference: Reference) -> dict[str, str | None]:
    """The country of every place."""
    return {r["place_id"]: r["country"] for r in reference.rows("places")}


@cache
def _contexts() -> dict[str, re.Pattern[str]]:
    return {r.options["part"]: r.pattern for r in rules("events_context")}


def context(part: str) -> re.Pattern[str]:
    """The pattern of one part of events_context.toml."""
    return _contexts()[part]
