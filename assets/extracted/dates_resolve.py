"""From a matched calendar expression to days: an interval, or None where the text does not tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assets.extracted import dates_calendar as calendar
from assets.extracted.dates_calendar import Interval
from assets.extracted.rules import rules

Match = re.Match[str]

_CONTEXT = {r.name: r.pattern for r in rules("dates_context")}
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_WEEKDAYS = {n: i for i, n in enumerate(_WEEKDAY_NAMES)}
_SMALL = (
    {word: number for number, word in enumerate(_UP_TO_TWENTY.split())}
    | {"a": 1, "an": 1}
    | {w: n * 10 for n, w in enumerate(_TENS, 3)}
)
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "latter": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_LAST_ORDINALS = {"last": 4, "final": 4}
_RELATIVE = {"last": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_FIRST_BARE_YEAR = 1800
"""Earlier years are read as such only behind a word that leads a year."""
_NEARBY_YEARS = 15
_TODAY = date(2015, 1, 1)
"""Without a publication date: the middle of the years such texts are from."""
JUCHE_ZERO = 1911
_LAST = re.compile(r"\b[Ll]ast\s+$")
_AHEAD_OF_WEEKDAY = re.compile(r"\b(?:will|is to|are to|(?:is|are) (?:scheduled|set|due|expected))\b")
_NOT_A_DAY = re.compile(r"\b(?:of|for|than|like|brighter|better)\s+$")
"""Before "today" and "tomorrow" where they mean an age."""
_DIGITS = re.compile(r"\d+")
_MONTHS_BACK = 7
"""A month without a year is taken as the last one of that name if it began at most so many months ago."""


@dataclass(slots=True)
class Reading:
    """What a resolver may use besides the match: the anchor, the words around, and the days named before, each with the
    ordinal of its sentence."""

    anchor: date | None
    before: str = ""
    after: str = ""
    recent: Sequence[tuple[int, Interval]] = ()
    used_anchor: bool = False

    def needed(self) -> date | None:
        """The publication date, noting that it was needed."""
        self.used_anchor = True
        return self.anchor

    def named_before(self) -> Iterator[Interval]:
        """The days named before, the last first."""
        return (interval for _, interval in reversed(self.recent))

    def is_ahead(self) -> bool:
        """The words before speak of what is to come."""
        words = self.before[-70:]
        if _CONTEXT["future"].search(words):
            return True
        return _CONTEXT["limit"].search(words) is not None and not _CONTEXT["past_event"].search(words)


Resolver = Callable[[Match, Reading], Interval | None]


def _group(match: Match, *names: str) -> str | None:
    """The first of the groups that the pattern has and that took part."""
    known = match.re.groupindex
    return next((match[n] for n in names if n in known and match[n]), None)


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    digits = _DIGITS.match(text)
    return int(digits[0]) if digits else _SMALL[text.lower()]


def _month(match: Match, name: str = "m") -> int:
    return _MONTHS[match[name][:3].lower()]


def _year(match: Match) -> int | None:
    """The year the expression itself gives, counted from 1912 where it is a Juche year."""
    if stated := _group(match, "jy", "y", "y2"):
        return int(stated)
    juche = _group(match, "j")
    return JUCHE_ZERO + int(juche) if juche else None


def _relative_year(match: Match, reading: Reading) -> int | None:
    """The year of "last year", else of the anchor; None without an anchor."""
    anchor = reading.needed()
    shift = _RELATIVE[(_group(match, "rel", "rel2") or "this").lower().split()[-1]]
    return anchor.year + shift if anchor else None


def numeric_day(match: Match, _reading: Reading) -> Interval | None:
    """2024-01-17."""
    return calendar.day_of(int(match["y"]), int(match["n"]), int(match["d"]))


def month_day_year(match: Match, _reading: Reading) -> Interval | None:
    """January 16, 2024."""
    year = _year(match)
    return calendar.day_of(year, _month(match), _number(match["d"])) if year else None


def _nearest_year(month: int, day: int, reading: Reading) -> int | None:
    """The year of a month or day named without one: this side of the anchor, unless the words look ahead."""
    anchor = reading.needed()
    if anchor is None:
        return None
    ahead = (month, day) > (anchor.month, anchor.day)
    past = anchor.year - ahead
    if ahead and (anchor.month + 12 - month > _MONTHS_BACK or reading.is_ahead()):
        return past + 1
    if not ahead and anchor.month - month > _MONTHS_BACK and reading.is_ahead():
        return past + 1
    return past


def month_day(match: Match, reading: Reading) -> Interval | None:
    """August 31."""
    month, number = _month(match), _number(match["d"])
    year = _nearest_year(month, number, reading)
    return calendar.day_of(year, month, number) if year else None


def month_day_range(match: Match, reading: Reading) -> Interval | None:
    """Apr. 26 to Apr. 29, with or without a year."""
    first, last = _month(match), _MONTHS[(_group(match, "m2") or match["m"])[:3].lower()]
    year = _year(match) or _nearest_year(first, _number(match["d"]), reading)
    if year is None:
        return None
    start = calendar.day_of(year, first, _number(match["d"]))
    end = calendar.day_of(year + (last < first), last, _number(match["d2"]))
    return Interval(start.start, end.end, "range") if start and end and start.start <= end.end else None


def month_range(match: Match, reading: Reading) -> Interval | None:
    """January to May this year, October 2023 to March 2024."""
    first, last = _month(match), _month(match, "m2")
    end = int(match["y2"]) if match["y2"] else _relative_year(match, reading) if match["rel"] else None
    start = int(match["y"]) if match["y"] else None
    if start is None:
        start = end - (first > last or (first == last and _LAST.search(reading.before) is not None)) if end else None
        if start is None and (nearest := _nearest_year(last, 0, reading)):
            start = nearest - (first > last)  # "January to September", in October, ended a month ago
    if start is None:
        return None
    count = ((end or start + (first > last)) - start) * 12 + last - first + 1
    return calendar.months(start, first, count, "range") if count > 0 else None


def month_year(match: Match, _reading: Reading) -> Interval | None:
    """June 2019."""
    year = _year(match)
    return calendar.month(year, _month(match)) if year else None


def month_of_relative_year(match: Match, reading: Reading) -> Interval | None:
    """June last year, June 5 last year; None for the "next year" of a story, which follows on the year told before."""
    year = _relative_year(match, reading)
    is_told = (
        match["rel"].lower() == "next" and not reading.is_ahead() and _CONTEXT["past_event"].search(reading.before)
    )
    if year is None or is_told:
        return None
    number = _group(match, "d")
    return calendar.day_of(year, _month(match), _number(number)) if number else calendar.month(year, _month(match))


def month_of_that_year(match: Match, reading: Reading) -> Interval | None:
    """October that year: of the year named last; None if none was."""
    if not reading.recent:
        return None
    year, number = reading.recent[-1][1].start.year, _group(match, "d")
    return calendar.day_of(year, _month(match), _number(number)) if number else calendar.month(year, _month(match))


def month_years_ago(match: Match, reading: Reading) -> Interval | None:
    """December three years ago, December 5 three years ago."""
    anchor, number = reading.needed(), _group(match, "d")
    if anchor is None:
        return None
    year = anchor.year - _number(match["n"])
    return calendar.day_of(year, _month(match), _number(number)) if number else calendar.month(year, _month(match))


def relative_month_name(match: Match, reading: Reading) -> Interval | None:
    """Last June: the latest June that is over or running; in July 2023 that of 2023."""
    anchor, number = reading.needed(), _month(match)
    if anchor is None:
        return None
    shift = {-1: -(number >= anchor.month), 0: 0, 1: number <= anchor.month}[_RELATIVE[match["rel"].lower()]]
    return calendar.month(anchor.year + shift, number)


def month_alone(match: Match, reading: Reading) -> Interval | None:
    """October: the running or last one, the coming one where the words look ahead."""
    year = _nearest_year(_month(match), 0, reading)
    return calendar.month(year, _month(match)) if year else None


def juche(match: Match, _reading: Reading) -> Interval | None:
    """Juche 113 (2024): the year in parentheses, else the Juche year plus 1911."""
    year = _year(match)
    return calendar.year(year) if year else None


def quarter(match: Match, reading: Reading) -> Interval | None:
    """The first quarter (of a year, this year, or the last such quarter that had begun)."""
    name = match["n"].lower()
    stated = _year(match)
    number = int(name) if name.isdigit() else _ORDINALS.get(name) or _LAST_ORDINALS[name]
    if stated:
        return calendar.quarter(stated, number)
    if "year" in match[0].lower():
        year = _relative_year(match, reading)
        return calendar.quarter(year, number) if year else None
    if name in _LAST_ORDINALS:
        return None
    year = _nearest_year(number * 3 - 2, 0, reading)
    return calendar.quarter(year, number) if year else None


def half(match: Match, reading: Reading) -> Interval | None:
    """The first half of a year."""
    year = _year(match) or _relative_year(match, reading)
    return calendar.half(year, _ORDINALS[match["n"].lower()]) if year else None


def relative_year(match: Match, reading: Reading) -> Interval | None:
    """This year, last year, next year."""
    year = _relative_year(match, reading)
    return calendar.year(year) if year else None


def this_year(_match: Match, reading: Reading) -> Interval | None:
    """The end of the year: the year the text appeared in."""
    anchor = reading.needed()
    return calendar.year(anchor.year) if anchor else None


def _around(when: date, unit: str) -> Interval | None:
    """The day, week, month, quarter, year or decade that holds a day."""
    if unit in {"day", "week"}:
        return calendar.day(when) if unit == "day" else calendar.week(when)
    if unit == "month":
        return calendar.month(when.year, when.month)
    if unit == "quarter":
        return calendar.quarter(when.year, (when.month + 2) // 3)
    return calendar.year(when.year) if unit == "year" else calendar.decade(when.year // 10 * 10)


_FINE = {"day": 1, "range": 2, "month": 3, "quarter": 4, "half": 5, "year": 6, "decade": 7}
_NEEDS = {"day": 1, "week": 1, "month": 3, "quarter": 4, "year": 6, "decade": 7}


def previous(match: Match, reading: Reading) -> Interval | None:
    """The previous year: the one before what was named last, else before the anchor."""
    unit = (_group(match, "unit", "unit2") or "").lower()
    named = next((i.start for i in reading.named_before() if _FINE[i.granularity] <= _NEEDS[unit]), None)
    origin = reading.needed() if named is None else named
    reading.used_anchor = True
    moved = calendar.step(origin, unit, -1) if origin else None
    return _around(moved, unit) if moved else None


def year_earlier(_match: Match, reading: Reading) -> Interval | None:
    """A year earlier: the same month, quarter or year of the year before, of what was named last; None without it."""
    named = next((i for i in reading.named_before() if i.granularity in _LONG), None)
    if named is None:
        return None
    reading.needed()
    count = (named.end.year - named.start.year) * 12 + named.end.month - named.start.month + 1
    return calendar.months(named.start.year - 1, named.start.month, count, named.granularity)


_LONG = frozenset({"month", "quarter", "half", "year"})


def same_span_of_year(match: Match, reading: Reading) -> Interval | None:
    """The same quarter of 2021: the months named last, of that year; the year itself where none were named."""
    year = int(match["y"])
    named = next((i for i in reading.named_before() if i.granularity in _LONG or i.granularity == "range"), None)
    if named is None or named.granularity == "year" or named.start.day != 1:
        return calendar.year(year)
    count = (named.end.year - named.start.year) * 12 + named.end.month - named.start.month + 1
    return calendar.months(year, named.start.month, count, named.granularity)


_LEADS_TO_BASE = frozenset({"than", "over", "against", "with", "to", "of", "in", "the", "that", "those"})
"""The last word before what something is compared with, unless it is one behind "same"."""


def is_base(before: str) -> bool:
    """Whether the words before a date make it what something is compared with, and not what the text is about."""
    words = before[-40:].lower()
    last = words.rsplit(None, 1)[-1:]
    if not last or (last[0] not in _LEADS_TO_BASE and "same" not in words):
        return False
    return _CONTEXT["compared_with"].search(words) is not None


def following(match: Match, reading: Reading) -> Interval | None:
    """The following day: the one after what was named last; None if nothing was."""
    unit = "day" if _group(match, "unit2") else match["unit"].lower()
    named = next((i.end for i in reading.named_before() if _FINE[i.granularity] <= _NEEDS[unit]), None)
    moved = calendar.step(named, unit, 1) if named else None
    if moved:
        reading.needed()
    return _around(moved, unit) if moved and reading.anchor else None


def relative_unit(match: Match, reading: Reading) -> Interval | None:
    """Last month, this week, next quarter, the past decade."""
    anchor, unit = reading.needed(), match["unit"].lower()
    if anchor is None:
        return None
    shift = _RELATIVE[match["rel"].lower()]
    if unit == "weekend":
        week = calendar.week(anchor, shift)
        return Interval(week.end - timedelta(days=1), week.end, "range")
    if unit == "decade" and shift:
        moved = calendar.step(anchor, unit, shift)
        return Interval(min(anchor, moved), max(anchor, moved), "range") if moved else None
    months = {"month": 1, "quarter": 3}.get(unit)
    moved = calendar.step(anchor.replace(day=1), "month", months * shift) if months else None
    return _around(moved, unit) if moved else calendar.week(anchor, shift) if unit == "week" else _around(anchor, unit)


def named_day(match: Match, reading: Reading) -> Interval | None:
    """Today, yesterday, tomorrow, tonight, last night, the day before yesterday."""
    anchor = reading.needed()
    if anchor is None or not _is_a_day(match, reading):
        return None
    shift = {"yesterday": -1, "tomorrow": 1}.get((_group(match, "day") or "").lower(), 0) - bool(_group(match, "eve"))
    if side := _group(match, "side"):
        shift += 1 if side.lower() == "after" else -1
    return calendar.day(anchor + timedelta(days=shift))


def _is_a_day(match: Match, reading: Reading) -> bool:
    """Whether today and tomorrow mean days: mostly they mean the present age ("the Korea of today") and the future."""
    word = _group(match, "day") or ""
    if _group(match, "side") or word.lower() not in {"today", "tomorrow"}:
        return True
    if word[0].isupper() or _NOT_A_DAY.search(reading.before):
        return False
    told = _CONTEXT["told_of_today"].search(reading.before) or _CONTEXT["today_does"].match(reading.after)
    return told is not None or (word == "tomorrow" and reading.is_ahead())


def weekday(match: Match, reading: Reading) -> Interval | None:
    """Tuesday: the last one up to the anchor, the coming one where the words look ahead."""
    anchor = reading.needed()
    if anchor is None:
        return None
    back = (anchor.weekday() - _WEEKDAYS[match["w"].lower()]) % 7
    rel = (_group(match, "rel") or "").lower()
    if rel == "last":
        back = back or 7
    elif rel in {"next", "coming"} or (rel != "last" and back and _weekday_ahead(reading)):
        back -= 7
    return calendar.day(anchor - timedelta(days=back))


def _weekday_ahead(reading: Reading) -> bool:
    return _AHEAD_OF_WEEKDAY.search(reading.before[-60:]) is not None


def ago(match: Match, reading: Reading) -> Interval | None:
    """Two years ago: the day, month or year that far back, as precise as the unit; decades are only rounded years."""
    anchor, unit = reading.needed(), match["unit"].lower()
    moved = calendar.step(anchor, unit, -_number(match["n"])) if anchor else None
    if moved is None or unit == "decade":
        return None
    return calendar.day(moved) if unit == "week" else _around(moved, unit)


def span_ahead(match: Match, reading: Reading) -> Interval | None:
    """Within ten years, the next six months, the next decade: from the anchor on."""
    anchor = reading.needed()
    count = _number(_group(match, "n") or "1")
    end = calendar.step(anchor, match["unit"].lower(), count) if anchor else None
    return Interval(anchor, end, "range") if anchor and end else None


def span_back(match: Match, reading: Reading) -> Interval | None:
    """The last 12 years: up to the anchor."""
    anchor = reading.needed()
    start = calendar.step(anchor, match["unit"].lower(), -_number(match["n"])) if anchor else None
    return Interval(start, anchor, "range") if anchor and start else None


def decade(match: Match, _reading: Reading) -> Interval | None:
    """The 1970s; the 1900s and the like are centuries and left out."""
    return calendar.decade(int(match["y"])) if int(match["y"]) % 100 else None


def decade_short(match: Match, _reading: Reading) -> Interval | None:
    """The 70s: of the twentieth century."""
    return calendar.decade(1900 + int(match["y"]))


def year_range(match: Match, _reading: Reading) -> Interval | None:
    """2021-2025, 2011-12, between 2011 and 2015."""
    first, last = int(match["y"]), _group(match, "y2", "y3") or ""
    second = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    return calendar.years(first, second) if first < second else None


def year_to_month(match: Match, _reading: Reading) -> Interval | None:
    """2002 to February 2008: from the first day of the year to the last of the month."""
    first, last = int(match["y"]), int(match["y2"])
    return calendar.months(first, 1, 12 * (last - first) + _month(match), "range") if first < last else None


def season(match: Match, reading: Reading) -> Interval | None:
    """The spring of last year, summer 2023."""
    name = (_group(match, "season", "season2") or "").lower()
    year = _year(match) or _relative_year(match, reading)
    return calendar.season(year, name) if year else None


def year(match: Match, reading: Reading) -> Interval | None:
    """2021, unless the number counts something."""
    number = int(match["y"])
    if number < _FIRST_BARE_YEAR and not _CONTEXT["old_year_word_before"].search(reading.before[-14:]):
        return None
    led = _CONTEXT["year_word_before"].search(reading.before[-14:]) is not None
    vague = _CONTEXT["amount_word_before"].search(reading.before[-16:]) is not None
    likely = (led and number >= _FIRST_BARE_YEAR) or (
        not vague and number % 100 and abs(number - (reading.anchor or _TODAY).year) <= _NEARBY_YEARS
    )
    counted = _CONTEXT["counted_by_unit" if likely else "counted_after"].match(reading.after)
    return None if counted or vague else calendar.year(number)


RESOLVERS: dict[str, Resolver] = {
    f.__name__: f
    for f in (
        numeric_day, month_day_year, month_day, month_day_range, month_range, month_year, month_of_relative_year,
        month_years_ago, relative_month_name, month_alone, juche, quarter, half, relative_year, this_year, previous,
        following, relative_unit, named_day, weekday, ago, span_ahead, span_back, decade, decade_short, year_range,
        season, year, year_earlier, year_to_month, month_of_that_year,
        same_span_of_year,
    )
}  # fmt: skip
"""The resolvers by the name that rules give."""
