"""The day a text appeared, read from what sources, page heads, footers and addresses print.

A printed day may have more than one reading ("08/02/2022", "20.01.23"); it counts only if the page itself decides.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january enero ene",
            "feb february febrero",
            "mar march marzo",
            "apr april abril abr",
            "may mayo",
            "jun june junio",
            "jul july julio",
            "aug august agosto ago",
            "sep sept september septiembre",
            "oct october octubre",
            "nov november noviembre",
            "dec december diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
_NAMES: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_PRINTED: Final = re.compile(
    rf"\b(?P<m1>{_NAMES})\b\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?[,.]? (?P<y1>(?:19|20)\d\d)\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: de)? (?P<m2>{_NAMES})\b\.?,?(?: del?)? (?P<y2>(?:19|20)\d\d)\b"
    r"|\b(?P<y3>(?:19|20)\d\d)(?P<s3>[-./]) ?(?P<m3>\d{1,2})(?P=s3) ?(?P<d3>\d{1,2})\b"
    r"|\b(?P<y4>(?:19|20)\d\d)년 ?(?P<m4>\d{1,2})월 ?(?P<d4>\d{1,2})일"
    r"|\b(?P<a5>\d{1,2})(?P<s5>[-./])(?P<b5>\d{1,2})(?P=s5)(?P<y5>(?:19|20)\d\d)\b"
    r"|\b(?P<a6>\d\d)(?P<s6>[-./])(?P<b6>\d\d)(?P=s6)(?P<c6>\d\d)\b",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)(?=$|[T\s])")
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:\d{4,6})?$")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?$")
_URL_DAY: Final = re.compile(
    r"(?:/|-|_|\b)((?:19|20)\d\d)(?P<sep>[/-]|)(0[1-9]|1[0-2]|(?<=[/-])[1-9])(?P=sep)"
    r"([0-2]\d|3[01]|(?<=[/-])[1-9])(?=$|[/_.?&#-]|[^\d])"
)
_URL_SERIAL: Final = re.compile(r"(?<=[A-Za-z=_/-])(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{2,12}\b")
_URL_STAMP: Final = re.compile(r"/(1\d{9})-\d+(?=/|$)")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}")
_ISO_ANYWHERE: Final = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
# "ien240125001": a language, the day, a running number; elsewhere such digits are no dates.
_URL_SHORT_SERIAL: Final = re.compile(r"\.kp/\S*?/[a-z]{2,4}(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}(?=/|$)")
_URL_YEAR: Final = re.compile(r"/((?:19|20)\d\d)/")
DATELINE: Final = re.compile(
    rf"^[^a-z]?(?P<place>[A-Z][\w'’. -]{{1,30}}?)(?:, [A-Z][\w ]{{2,20}})?, (?P<month>{_NAMES})\.? (?P<day>\d{{1,2}})"
    r"(?:,? (?P<year>(?:19|20)\d\d))? \((?P<agency>[^()]{2,40})\)\s?(?:--|—|–|-|:)",
    re.IGNORECASE,
)
_NEAR: Final = timedelta(days=31)
_EARLIEST: Final = date(1945, 1, 1)


def day(year: int, month: int, number: int) -> date | None:
    """The date, None if the calendar has none such (or it lies before anything we read)."""
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return found if found >= _EARLIEST else None


def month_number(name: str) -> int:
    """1 to 12 for an English or Spanish month name or its abbreviation; KeyError for another word."""
    return _MONTHS[name.casefold().rstrip(".")]


def printed_days(text: str) -> list[tuple[date, ...]]:
    """Each full date in the text, as its possible readings (one, unless digits leave the order open)."""
    return [readings for m in _PRINTED.finditer(text) if (readings := _readings(m))]


def _readings(match: re.Match[str]) -> tuple[date, ...]:
    g = match.groupdict()
    for i in "12":
        if g[f"y{i}"]:
            return _days((int(g[f"y{i}"]), month_number(g[f"m{i}"]), int(g[f"d{i}"])))
    for i in "34":
        if g[f"y{i}"]:
            return _days((int(g[f"y{i}"]), int(g[f"m{i}"]), int(g[f"d{i}"])))
    if g["y5"]:
        first, second, year = int(g["a5"]), int(g["b5"]), int(g["y5"])
        return _days((year, second, first), (year, first, second))
    first, second, third = int(g["a6"]), int(g["b6"]), int(g["c6"])
    return _days((2000 + third, second, first), (2000 + third, first, second), (2000 + first, second, third))


def _days(*candidates: tuple[int, int, int]) -> tuple[date, ...]:
    return tuple(dict.fromkeys(d for c in candidates if (d := day(*c))))


def decided(readings: Iterable[date], known: date | None, retrieved: datetime | None) -> date | None:
    """The reading the page decides for: the only one, the one its address states, or the only one within a month
    before it was fetched. None if still open."""
    left = tuple(readings)
    if retrieved:
        left = tuple(d for d in left if d <= retrieved.date() + timedelta(days=1))
    if len(left) == 1:
        return left[0]
    if known in left:
        return known
    near = [d for d in left if retrieved and retrieved.date() - d <= _NEAR]
    return near[0] if len(near) == 1 else None


def stated_day(stated: str | None, known: date | None = None, retrieved: datetime | None = None) -> date | None:
    """The day in a source's own notation: ISO 8601, RFC 2822, compact digits, Unix time or a printed date.

    A time with an offset keeps its local day, which is the day the page prints and its weekdays refer to.
    """
    if not stated or not stated.strip():
        return None
    text = stated.strip()
    for pattern in (_ISO, _COMPACT):
        if match := pattern.match(text):
            return day(*(int(g) for g in match.groups()))
    if _EPOCH.match(text):
        seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    printed = printed_days(text)
    if printed:
        return decided(printed[0], known, retrieved)
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError):
        return None


def url_stamp(url: str | None) -> date | None:
    """The day of the Unix time in an archive's address: when the page was taken up, about the day it appeared."""
    match = _URL_STAMP.search(url or "")
    return datetime.fromtimestamp(int(match.group(1)), UTC).date() if match else None


@lru_cache(maxsize=4096)
def url_day(url: str | None) -> date | None:
    """The full date in the path of an address (/2024/01/16/, 20240116, 2024-01-16), or as state media of the DPRK write
    it: in a query that is one Base64 word, or with two digits in a page's number. None if there is none."""
    if not url:
        return None
    path = url.partition("//")[2].partition("/")[2]
    for match in _URL_DAY.finditer(path):
        found = day(int(match.group(1)), int(match.group(3)), int(match.group(4)))
        if found:
            return found
    coded = _ISO_ANYWHERE.search(_decoded(path.partition("?")[2]))
    if serial := coded or _URL_SERIAL.search(path):
        return day(*(int(g) for g in serial.groups()))
    short = _URL_SHORT_SERIAL.search(url)
    return day(2000 + int(short.group(1)), int(short.group(2)), int(short.group(3))) if short else None


def _decoded(query: str) -> str:
    """A query that is one Base64 word, as text; empty if it is something else."""
    if not _BASE64.fullmatch(query):
        return ""
    try:
        return b64decode(query + "=" * (-len(query) % 4), validate=True).decode("ascii")
    except ValueError:
        return ""


def url_year(url: str | None) -> int | None:
    """The year that is a folder of an address; None if there is none."""
    match = _URL_YEAR.search(url or "")
    return int(match.group(1)) if match else None
