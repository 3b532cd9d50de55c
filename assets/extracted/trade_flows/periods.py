"""The time a figure of trade is about."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assets.extracted.document import Found, Row, Sentence, within
from assets.extracted.numbers import digits_to_number, words_to_number
from assets.extracted.trade_flows.figures import Figure
from assets.extracted.trade_flows.flows import Flow, of_part

Period = tuple[date, date]
_SPANS = frozenset({"month", "quarter", "half", "year", "range"})
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_JOINED = re.compile(r"^\s*(?:and|to|through|until|[-–])\s*$")
_FROM_MONTH = re.compile(rf"\b(?P<month>{'|'.join(_MONTHS)})[- ](?:to|through|until)[- ]$", re.IGNORECASE)
_MONTH_OF = re.compile(rf"^(?P<month>{'|'.join(_MONTHS)})(?:['’]s)? (?:trade|exports|imports)\b", re.IGNORECASE)
"""A sentence that begins with the month of its figure ("March trade came to …")."""
_THAT_PERIOD = re.compile(r"\b(?:the|that|those) (?:same |cited )?(?:\w+-(?:month|year) )period\b", re.IGNORECASE)
_COMPARED = 60
"""Characters before a date in which "from" or "than" makes it the time compared with."""
_FIRST_MONTHS = re.compile(
    r"\bfirst (?P<count>\w+) months(?: (?:of|in) (?:the |this )?(?P<year>(?:19|20)[0-9]{2}|year)\b)?(?! (?:of|in) the)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"[,;].{40}")
"""Between a figure and a date behind it: the date is that of a remark."""
_PAUSE = re.compile(r"[,;]")
_REACH = 60
"""Characters after an amount compared with in which its time is named."""
_STRAIGHT = re.compile(r"^ (?:(?:in|for|during|of|the|period|first|just|only|alone)\b ?)*$")


def period_of(
    text: str,
    sentence: Sentence,
    flow: Flow,
    figure: Figure,
    found: Found,
    published: date | None,
    before: Period | None = None,
) -> Period | None:
    """The span of time a figure is about: the one straight behind it, else the nearest that is not compared with.

    A sentence without any time is about that `before`; one that only names a time in a remark is about none that
    can be told. Statistics look back, so a span that would begin after the publication is that of the year before.
    """
    if months := _first_months(text, published.year if published else None):
        return months
    if (month := _MONTH_OF.match(text[: flow.end])) and published:
        return _month(_MONTHS[month["month"].lower()], published)
    told = [d for d in _dates(sentence, found) if not _is_compared(text, d, sentence.start)]
    if not told or _THAT_PERIOD.search(text):
        return before
    own = [d for d in told if not _ASIDE.search(text[figure.end : max(figure.end, d["start_char"] - sentence.start)])]
    if not own:
        return None
    straight = [d for d in own if _STRAIGHT.match(text[figure.anchor : d["start_char"] - sentence.start] or "-")]
    middle = (max(flow.start, 0) + figure.end) / 2 + sentence.start
    nearest = min(straight or own, key=lambda d: abs((d["start_char"] + d["end_char"]) / 2 - middle))
    period = _joined(text, sentence, nearest, own)
    return _shifted(period, -12) if published and period[0] > published else period


@dataclass(frozen=True, slots=True)
class Compared:
    """When the amount compared with was reached, and what that makes the comparison; None where nothing tells."""

    period: Period | None
    basis: str | None


def compared_with(text: str, sentence: Sentence, figure: Figure, found: Found, period: Period | None) -> Compared:
    """The time of an amount that a figure of `period` is compared with."""
    stop = _PAUSE.search(text, figure.end)
    end = min(figure.end + _REACH, stop.start() if stop else len(text))
    words = text[max(0, figure.start - 20) : figure.start] + "|" + text[figure.end : end]
    dates = [d for d in _dates(sentence, found) if figure.end <= d["start_char"] - sentence.start < end]
    named: Period | None = (dates[0]["start_date"], dates[0]["end_date"]) if dates else None
    if named and period and named[0] > period[1]:
        named = _shifted(named, -12)
    rule = next((r for r in of_part("compared_time") if r.pattern.search(words)), None)
    if rule is None:
        return Compared(named, _basis_of(period, named))
    years, months = int(rule.options.get("years", 0)), int(rule.options.get("months", 0))
    if period and rule.options.get("same"):
        years = named[0].year - period[0].year if named else -1
    return Compared(_shifted(period, years * 12 + months) if period else None, rule.options["change_basis"])


def _basis_of(period: Period | None, base: Period | None) -> str | None:
    """What the comparison of two spans of time is, if it is one of the usual."""
    if period is None or base is None:
        return None
    is_month = period[0].replace(day=1) == period[1].replace(day=1)
    if is_month and base == _shifted(period, -1):
        return "previous month"
    return "previous year" if base == _shifted(period, -12) else None


def _dates(sentence: Sentence, found: Found) -> list[Row]:
    return [
        d
        for d in within(found.get("dates", ()), sentence.start, sentence.end)
        if d["granularity"] in _SPANS and d["start_date"] and d["end_date"]
    ]


def _is_compared(text: str, row: Row, offset: int) -> bool:
    start = row["start_char"] - offset
    words = text[max(0, start - _COMPARED) : start]
    if row["granularity"] == "range" and words.lower().endswith("from "):
        return False
    return any(r.pattern.search(words) for part in ("base", "base_time") for r in of_part(part))


def _joined(text: str, sentence: Sentence, row: Row, own: Sequence[Row]) -> Period:
    """The span of a date and of those joined to it ("January and February 2023", "January to June")."""
    start, end = row["start_date"], row["end_date"]
    index = own.index(row)
    for other, left, right in ((index - 1, index - 1, index), (index + 1, index, index + 1)):
        if 0 <= other < len(own):
            between = text[own[left]["end_char"] - sentence.start : own[right]["start_char"] - sentence.start]
            if _JOINED.match(between):
                start, end = min(start, own[other]["start_date"]), max(end, own[other]["end_date"])
    since = _FROM_MONTH.search(text[: row["start_char"] - sentence.start])
    if since and row["granularity"] == "month":
        start = date(end.year, _MONTHS[since["month"].lower()], 1)
    return start, end


def _first_months(text: str, year: int | None) -> Period | None:
    """The first so many months of a year, None unless the text names just one such span."""
    found = list(_FIRST_MONTHS.finditer(text))
    if len(found) != 1:
        return None
    printed = found[0]["year"] or ""
    of = int(printed) if printed.isdigit() else year
    months = _count(found[0]["count"])
    if of is None or months is None:
        return None
    return date(of, 1, 1), date(of, months, calendar.monthrange(of, months)[1])


def _month(number: int, published: date) -> Period:
    """The last such month before the publication."""
    year = published.year if number < published.month else published.year - 1
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def _count(words: str) -> int | None:
    try:
        months = int(digits_to_number(words) if words.isdigit() else words_to_number(words.lower()))
    except KeyError:
        return None
    return months if 1 <= months <= 12 else None


def _shifted(period: Period, months: int) -> Period:
    """A period of whole months, so many months later."""
    start, after = period[0], period[1] + timedelta(days=1)
    return _moved(start, months), _moved(after, months) - timedelta(days=1)


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
