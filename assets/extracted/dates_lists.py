"""Days of a list that name their month once: January 16, 18 and 20; 16, 18 and 20 January."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assets.extracted import dates_calendar as calendar
from assets.extracted.dates_calendar import Interval
from assets.extracted.rules import rules

_CONTEXT = {r.name: r.pattern for r in rules("dates_context")}
_DAY = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day of a list beside the one that names the month: offsets into the sentence, and the day."""

    start: int
    end: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class DayList:
    """The days listed with a date; `year` is the one that stands behind the list, None without one."""

    days: tuple[ListedDay, ...]
    year: int | None = None


NO_DAYS = DayList(())


def further_days(text: str, end: int, named: Interval) -> DayList:
    """The days behind a date that ends at `end` ("January 16" of "January 16, 18 and 20"); none if they do not rise."""
    match = _CONTEXT["further_days"].search(text[end:])
    if match is None:
        return NO_DAYS
    year = int(match["y"]) if match["y"] else None
    days = _listed(text, end + match.start("days"), end + match.end("days"), named, year)
    if not days or [d.interval.start.day for d in days] != sorted({d.interval.start.day for d in days}):
        return NO_DAYS
    if days[0].interval.start.day <= named.start.day:
        return NO_DAYS
    if year is not None:
        days[-1] = ListedDay(days[-1].start, end + match.end("y"), days[-1].interval)
    return DayList(tuple(days), year)


def earlier_days(text: str, start: int, named: Interval) -> DayList:
    """The days before a date that begins at `start` ("20 January" of "16, 18 and 20 January")."""
    match = _CONTEXT["earlier_days"].search(text[:start])
    if match is None:
        return NO_DAYS
    days = _listed(text, match.start("days"), match.end("days"), named, None)
    numbers = [d.interval.start.day for d in days] + [named.start.day]
    return DayList(tuple(days)) if numbers == sorted(set(numbers)) else NO_DAYS


def _listed(text: str, start: int, end: int, named: Interval, year: int | None) -> list[ListedDay]:
    """The numbers between two offsets as days of the month of `named`; none if one is no day of it."""
    found = []
    for match in _DAY.finditer(text, start, end):
        interval = calendar.day_of(year or named.start.year, named.start.month, int(match[0]))
        if interval is None:
            return []
        found.append(ListedDay(match.start(), match.end(), interval))
    return found
