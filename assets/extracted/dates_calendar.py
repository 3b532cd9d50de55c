"""Calendar intervals: the first and last day of what an expression names, and steps from one to the next."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1000, 2999


class Interval(NamedTuple):
    """The days from `start` to `end`, both included, and the precision of the expression that named them."""

    start: date
    end: date
    granularity: str


_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def length_of(year: int, month: int) -> int:
    """How many days a month has."""
    return 29 if month == 2 and isleap(year) else _LENGTHS[month - 1]


def day(when: date) -> Interval:
    """One day."""
    return Interval(when, when, "day")


def day_of(year: int, month: int, number: int) -> Interval | None:
    """The day, or None if the month has no such day."""
    if not _possible(year) or not 1 <= number <= length_of(year, month):
        return None
    return day(date(year, month, number))


def months(year: int, first: int, count: int, granularity: str) -> Interval | None:
    """`count` months from the `first` month of `year`, which may run over its end (13 is January of the next)."""
    start, last = year * 12 + first - 1, year * 12 + first + count - 2
    if not (_possible(start // 12) and _possible(last // 12)):
        return None
    end = length_of(last // 12, last % 12 + 1)
    return Interval(date(start // 12, start % 12 + 1, 1), date(last // 12, last % 12 + 1, end), granularity)


def month(year: int, number: int) -> Interval | None:
    """A month."""
    return months(year, number, 1, "month")


def quarter(year: int, number: int) -> Interval | None:
    """A quarter of a year, from 1; 0 is the last of the year before."""
    return months(year, number * 3 - 2, 3, "quarter")


def half(year: int, number: int) -> Interval | None:
    """The first (1) or second (2) half of a year."""
    return months(year, number * 6 - 5, 6, "half")


def season(year: int, name: str) -> Interval | None:
    """A season by the months of northern weather; winter begins in December of the year before."""
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 0}[name]
    return months(year, first, 3, "range")


def year(number: int) -> Interval | None:
    """A calendar year."""
    return months(number, 1, 12, "year")


def years(first: int, last: int) -> Interval | None:
    """From the first day of one year to the last day of another, or None if they run backwards."""
    return months(first, 1, 12 * (last - first + 1), "range") if first <= last else None


def decade(first: int) -> Interval | None:
    """Ten years from `first`."""
    return months(first, 1, 120, "decade")


def week(of: date, weeks: int = 0) -> Interval:
    """The week from Monday that holds a day, moved by `weeks`."""
    monday = of - timedelta(days=of.weekday()) + timedelta(weeks=weeks)
    return Interval(monday, monday + timedelta(days=6), "range")


def add_months(when: date, count: int) -> date | None:
    """The same day `count` months on, or the last of that month if it has no such day."""
    total = when.year * 12 + when.month - 1 + count
    if not _possible(total // 12):
        return None
    length = length_of(total // 12, total % 12 + 1)
    return date(total // 12, total % 12 + 1, min(when.day, length))


def step(when: date, unit: str, count: int) -> date | None:
    """The day `count` days, weeks, months, years or decades on; None outside the calendar."""
    if unit in {"day", "week"}:
        days = count * (7 if unit == "week" else 1)
        return when + timedelta(days=days) if abs(days) < 365 * 500 else None
    return add_months(when, count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit])


def _possible(number: int) -> bool:
    return FIRST_YEAR <= number <= LAST_YEAR
