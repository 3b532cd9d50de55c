"""When: the deadline of a target, the period of a result, and what is long past."""

from __future__ import annotations

from datetime import date
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_reference import long_plans
from assets.extracted.frames_rows import Rows
from warehouse.reference import Reference

_SPRING, _RECENT = 3, 100  # month; days
_GRANULARITY = {"monthly": ("month",), "quarterly": ("quarter",), "yearly": ("year",), "annual": ("year",)}


class Times(Rows):
    """Reads deadlines and periods off a document's dates."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        super().__init__(document, reference, found)
        self.long_plans = long_plans(reference)

    def dates(self, start: int, end: int) -> list[Row]:
        """The resolved dates in the span."""
        found = [d for d in self.rows("dates", start, end) if d.get("start_date") and d.get("end_date")]
        return [d for d in found if not self._in_dateline(d)]

    def _in_dateline(self, d: Row) -> bool:
        return bool(pattern("dateline_end").match(self.document.text, d["end_char"]))

    def deadline(self, *spans: tuple[int, int], told: tuple[int, int] | None = None) -> dict[str, Any]:
        """deadline_start and deadline_end from the last date in the first span that has one not past; where the span
        `told` tells of an old plan, from its last date, and from the plan's end where it says "within the plan"."""
        published = self.document.published_on
        for n, (start, end) in enumerate(spans):
            for d in reversed(self.dates(start, end)):
                if (n and d["granularity"] in ("day", "week")) or self._looks_back(d):
                    continue
                if published is None or self._is_due(d, published) or "deadline" in self.document.text[start:end]:
                    return due_of(d)
            if not n and (plan := self._plan_end(start, end)):
                return plan
        past = [d for d in self.dates(*told) if not self.is_of_saying(d)] if told else []
        return due_of(past[-1]) if past else {}

    def _looks_back(self, d: Row) -> bool:
        """The date is that of what was reached before ("on the basis of the successes achieved this year")."""
        return bool(pattern("looks_back").search(self.document.text[max(0, d["start_char"] - 80) : d["start_char"]]))

    def _plan_end(self, start: int, end: int) -> dict[str, Any]:
        """The years of the five-year plan that ran, or had just ended, at publication, for "within the five years"."""
        published = self.document.published_on
        if published is None or not pattern("within_the_plan").search(self.document.text, start, end):
            return {}
        running = [p for p in self.long_plans if p[0] <= published and published.year <= p[1].year + 1]
        return {"deadline_start": running[0][0], "deadline_end": running[0][1]} if running else {}

    @staticmethod
    def _is_due(d: Row, published: date) -> bool:
        end = as_date(d["end_date"])
        return end > published or (end == published and d["granularity"] != "day")

    def period(
        self, start: int, end: int, *wider: tuple[int, int], anchor: int | None = None, of_plan: bool = False
    ) -> dict[str, Any]:
        """period_start and period_end: the date in the span that follows `anchor` (else the last before it), for
        "monthly plan" the last month named before, else a month, quarter or year of the wider spans. Days on which
        somebody said it are none, nor is a day the period of a plan."""
        for span in ((start, end), *wider):
            usable = [
                d for d in self.dates(*span) if not (self._is_future(d) or self.is_of_saying(d) or self._is_compared(d))
            ]
            if of_plan or span != (start, end):
                usable = [d for d in usable if d["granularity"] != "day"]
            if usable:
                after = [d for d in usable if d["start_char"] >= (anchor or start)]
                return period_of(after[0] if after else usable[-1])
            if recurring := pattern("recurring_plan").search(self.document.text, *span):
                granularities = _GRANULARITY[recurring.group(1).lower()]
                return self._last_period(span[0], granularities)
        return {}

    def _is_compared(self, d: Row) -> bool:
        """The date is what a figure is compared with ("than the year before", "percent of 2020"), or what a time is
        counted from."""
        before = self.document.text[max(0, d["start_char"] - 120) : d["start_char"]]
        return bool(pattern("compared_with").search(before[-40:]) or pattern("counted_from").search(before))

    def is_of_saying(self, d: Row) -> bool:
        """The day stands with a verb of saying ("KCNA reported Friday", "On Monday the agency said")."""
        if d["granularity"] != "day":
            return False
        before = self.document.text[max(0, d["start_char"] - 40) : d["start_char"]]
        after = self.document.text[d["end_char"] : d["end_char"] + 40]
        if pattern("day_first").search(before):
            after = after.removeprefix(",")
        return bool(pattern("said_before_day").search(before) or pattern("said_after_day").match(after))

    def _is_future(self, d: Row) -> bool:
        published = self.document.published_on
        return published is not None and as_date(d["start_date"]) > published

    def _last_period(self, offset: int, granularities: tuple[str, ...]) -> dict[str, Any]:
        """The last month or quarter named before, if it is recent; a yearly plan is this year's once spring has come,
        before that it may be last year's."""
        published = self.document.published_on
        if granularities == ("year",):
            if published is None or published.month < _SPRING:
                return {}
            return {"period_start": date(published.year, 1, 1), "period_end": date(published.year, 12, 31)}
        earlier = [d for d in self.dates(0, offset) if d["granularity"] in granularities and not self._is_future(d)]
        if not earlier or (published and (published - as_date(earlier[-1]["end_date"])).days > _RECENT):
            return {}
        return period_of(earlier[-1])

    def is_history(self, start: int, years: int = 12) -> bool:
        """The dates around `start` (its sentence's, else those of the nearest of the five before) all lie more than
        `years` years before publication."""
        published = self.document.published_on
        sentence = self.document.sentence_at(start)
        if published is None or sentence is None:
            return False
        for earlier in reversed(self.document.sentences[max(0, sentence.ordinal - 5) : sentence.ordinal + 1]):
            ends = [as_date(d["end_date"]) for d in self.dates(earlier.start, earlier.end)]
            if ends:
                return max(ends).year < published.year - years
        return False


def as_date(value: date | str) -> date:
    """A date given as a date or in ISO form."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def due_of(d: Row) -> dict[str, Any]:
    """deadline_start and deadline_end of a date row."""
    return {"deadline_start": as_date(d["start_date"]), "deadline_end": as_date(d["end_date"])}


def period_of(d: Row) -> dict[str, Any]:
    """period_start and period_end of a date row."""
    return {"period_start": as_date(d["start_date"]), "period_end": as_date(d["end_date"])}
