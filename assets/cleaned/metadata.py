"""Who published a page, when, by whom and under what title: read from everything there is before it is cut."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from assets.cleaned.cuts import Notice
from assets.cleaned.lines import Line
from assets.cleaned.outlets import OutletIndex, domain_of, fold_name, outlet_index
from assets.cleaned.publication import (
    DATELINE,
    day,
    decided,
    month_number,
    printed_days,
    stated_day,
    url_day,
    url_stamp,
    url_year,
)
from warehouse.reference import Reference

_ADDRESS: Final = re.compile(r"https?://[^\s/]+\.[^\s/]+/\S*")
_HEAD_LINES: Final = 8
_LONGEST_NAME: Final = 7
_SIGNED_KINDS: Final = frozenset({"byline", "copyright", "about_blurb", "contact"})
# A date in a caption or in a headline of another story is not the page's.
_DATED_KINDS: Final = frozenset({"byline", "filing_notice", "navigation"})
_VIA: Final = re.compile(
    r"(?i:via|from|by way of|originally published (?:by|in|on|at)|reposted from|republished from|courtesy of) "
    r"(?:the )?([A-Z][^,:;.|]{1,50}?)(?=[,:;|]| \(| on | a report| an article|$)"
)
_SOURCE: Final = re.compile(r"(?:(?:^|\|)\s*(?i:source|출처))\s?[:：]\s?([^|]{2,60}?)\s*(?:\||$)")
_MORE_FROM: Final = re.compile(r"(?i:(?:read )?more from) (.{2,60})$")
_BY: Final = re.compile(
    r"(?i:^(?:by|written by|reported by|author|posted by)\s?:?\s)(.{2,80}?)(?=\s?[—–|•·/]|\s?-\s|,? (?:on )?(?:"
    r"(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun|Wed|Sat)(?:day)?\b|\d|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)|\n|$)"
)
_AND: Final = re.compile(r"\s*(?:,| and | & )\s*(?=[A-Z])")
_ARCHIVE: Final = re.compile(r"(?:calendar\s?>+|(?i:date\s?:).*\|)")
_FULL_DATELINE: Final = re.compile(r"[A-Z][A-Za-z'’ -]{2,30} \(([^():\d]{2,60})[-–—,]\s?([^():]{8,30}\d{4})\)(?=.{40})")
_ONLY_DATE: Final = re.compile(
    r"[A-Za-z]{0,9}\.?,? ?(?:[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|[\d./-]{6,11})(?: [A-Z][a-z]+)?\W*$"
)
_PUBLISHED: Final = re.compile(r"(?i:publi|input|posted|written|created|filed|first|입력|등록|작성|issued)")
_UPDATED: Final = re.compile(r"(?i:updated|modified|수정)")
_SITE_SUFFIX: Final = re.compile(r"\s+(?:[|–—»:·]|-{1,2})\s+([^|–—»·]{2,60})$")


@dataclass(slots=True)
class Stated:
    """What the source's record or the page's head states outright."""

    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    site_name: str | None = None
    published: str | None = None
    published_by_page: str | None = None


@dataclass(slots=True)
class Metadata:
    """What was found out about a page; None is unknown."""

    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    outlet_id: str | None = None
    reposted_from_outlet_id: str | None = None
    published_on: date | None = None
    published_on_basis: str | None = None
    dateline_place_id: str | None = None


def stated_by_record(row: Mapping[str, Any]) -> Stated:
    """What a row of raw.documents states about its document."""
    return Stated(
        url=row["source_url"],
        title=_tidy(row["source_title"]),
        authors=tuple(a for a in (_tidy(a) for a in row["source_authors"] or ()) if a),
        site_name=_tidy(row["source_outlet"]),
        published=row["source_published_at"],
    )


def stated_by_text(lines: Sequence[Line]) -> Stated:
    """What stands on top of a plain text: saved pages often begin with their address, alone on its line."""
    first = lines[0].text if len(lines) > 1 else ""
    return Stated(url=first if _ADDRESS.fullmatch(first) and domain_of(first) else None)


def _tidy(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def stated_outlet(stated: Stated, index: OutletIndex) -> str | None:
    """The outlet the record or page head names, else the one its address belongs to."""
    return index.named(stated.site_name) or index.at(stated.url)


def without_site_name(title: str | None, index: OutletIndex, site_name: str | None) -> str | None:
    """A page title without the outlet's name that browsers show after it ("... | Sample Morning Daily")."""
    match = _SITE_SUFFIX.search(title) if title else None
    if title and match:
        suffix = match.group(1)
        if index.named(suffix) or (site_name and fold_name(suffix) == fold_name(site_name)):
            return title[: match.start()].strip()
    return title


def read_metadata(
    stated: Stated,
    lines: Sequence[Line],
    notices: Sequence[Notice],
    title: str | None,
    retrieved: datetime | None,
    reference: Reference,
) -> Metadata:
    """Everything the page tells. `lines` are the raw page's lines, `notices` the lines of its residue in order."""
    index = outlet_index(reference)
    dateline = _dateline(lines)
    found = Metadata(stated.url, stated.title or title, stated.authors or _authors(notices))
    found.outlet_id = stated_outlet(stated, index) or _outlet_in_notices(notices, index)
    origin = _origin(lines, notices, dateline, index)
    if origin is None and found.outlet_id in index.aggregators:
        origin = _listed_source(notices, index)
    if found.outlet_id is None and not domain_of(stated.url) and origin and dateline:
        found.outlet_id = index.named(dateline.group("agency"))
    if origin != found.outlet_id:
        found.reposted_from_outlet_id = origin
    first = next((line.text for line in lines if line.text != stated.url), "")
    found.published_on, found.published_on_basis = _published(stated, notices, first, dateline, retrieved)
    if dateline:
        found.dateline_place_id = places_by_name(reference).get(dateline.group("place").casefold())
    return found


def _dateline(lines: Sequence[Line]) -> re.Match[str] | None:
    for line in lines[:_HEAD_LINES]:
        if "(" in line.text[:90] and (match := DATELINE.match(line.text)):
            return match
    return None


@lru_cache(maxsize=4)
def places_by_name(reference: Reference) -> dict[str, str]:
    """Places by folded name or alias; a name several places share is that of the city or province among them, or
    nobody's."""
    found: dict[str, dict[str, str]] = {}
    for row in reference.rows("places"):
        for name in (row["name"], *(row["aliases"] or ())):
            found.setdefault(name.casefold(), {})[row["place_id"]] = row["kind"]
    return {name: chosen for name, places in found.items() if (chosen := _city_among(places))}


def _city_among(places: Mapping[str, str]) -> str | None:
    if len(places) == 1:
        return next(iter(places))
    cities = [p for p, kind in places.items() if kind in ("city", "directly_governed_city")]
    return cities[0] if len(cities) == 1 else None


# -- outlets


def _outlet_in_notices(notices: Sequence[Notice], index: OutletIndex) -> str | None:
    """The one outlet that signs the page: its byline, copyright line or blurb opens with the name."""
    signed = {outlet for n in notices if n.kind in _SIGNED_KINDS and (outlet := _signature(n.line, index))}
    return next(iter(signed)) if len(signed) == 1 else None


_SIGNATURE_LEAD: Final = re.compile(
    r"(?i:by|a contributor to|copyrights?|\(c\)|all rights reserved|©|ⓒ|about|the|(?:19|20)\d\d|[\s:.,|–—-])+"
)


def _signature(line: str, index: OutletIndex) -> str | None:
    lead = _SIGNATURE_LEAD.match(line)
    words = line[lead.end() if lead else 0 :].split()[:_LONGEST_NAME]
    for length in range(len(words), 0, -1):
        outlet = index.named(" ".join(words[:length]))
        if outlet:
            return outlet
    return None


def _origin(
    lines: Sequence[Line], notices: Sequence[Notice], dateline: re.Match[str] | None, index: OutletIndex
) -> str | None:
    """The outlet the page says its article is from: "Via X", "Source: X", or the agency of its dateline."""
    for line in lines[:_HEAD_LINES]:
        if (match := _VIA.match(line.text)) and (outlet := index.named(match.group(1))):
            return outlet
    for notice in notices:
        if (match := _SOURCE.search(notice.line)) and (outlet := index.named(match.group(1))):
            return outlet
    return index.named(dateline.group("agency")) if dateline else None


def _listed_source(notices: Sequence[Notice], index: OutletIndex) -> str | None:
    """The one outlet whose other articles an aggregator lists under its own ("More From X")."""
    named = {o for n in notices if (match := _MORE_FROM.match(n.line)) and (o := index.named(match.group(1)))}
    return next(iter(named)) if len(named) == 1 else None


def _authors(notices: Sequence[Notice]) -> tuple[str, ...]:
    for notice in notices:
        if notice.kind == "byline" and (match := _BY.match(notice.line)):
            return tuple(a.strip(" .") for a in _AND.split(match.group(1)) if a.strip(" ."))
    return ()


# -- the day


def _published(
    stated: Stated,
    notices: Sequence[Notice],
    first_line: str,
    dateline: re.Match[str] | None,
    retrieved: datetime | None,
) -> tuple[date | None, str | None]:
    by_url = url_day(stated.url)
    for value in (stated.published, stated.published_by_page):
        if found := stated_day(value, by_url, retrieved):
            return found, "metadata"
    printed = _printed(notices, first_line, by_url, retrieved)
    for basis in ("archive_line", "byline", "footer"):
        if basis in printed:
            return printed[basis], basis
    if full := _FULL_DATELINE.match(first_line):
        days = printed_days(full.group(2))
        if days and (found := decided(days[0], by_url, retrieved)):
            return found, "dateline"
    if by_dateline := _dateline_day(dateline, by_url or url_stamp(stated.url), url_year(stated.url)):
        return by_dateline, "dateline"
    return (by_url, "url") if by_url else (None, None)


def _printed(
    notices: Sequence[Notice], first_line: str, by_url: date | None, retrieved: datetime | None
) -> dict[str, date]:
    found: dict[str, date] = {}
    lone: date | None = None
    for kind, line in notices:
        readings = printed_days(line) if kind in _DATED_KINDS else []
        if not readings:
            continue
        archive = _ARCHIVE.match(line) is not None
        chosen = _day_first(readings[0]) if archive else decided(readings[0], by_url, retrieved)
        if chosen is None or (_UPDATED.search(line) and not _PUBLISHED.search(line)):
            continue
        if archive:
            found.setdefault("archive_line", chosen)
        elif kind == "filing_notice":
            found.setdefault("footer", chosen)
        elif line == first_line and _ONLY_DATE.match(line):
            # A lone date on top of a page is as often the day it was fetched: any other date beats it.
            lone = chosen
        else:
            found.setdefault("byline", chosen)
    if lone and not found and by_url in (None, lone):
        found["byline"] = lone
    return found


def _day_first(readings: tuple[date, ...]) -> date | None:
    """Archive lines ("Date: 08/02/2022 | Source: ...") print the day first."""
    return readings[0] if readings else None


def _dateline_day(dateline: re.Match[str] | None, by_url: date | None, year: int | None) -> date | None:
    if dateline is None:
        return None
    month, number = month_number(dateline.group("month")), int(dateline.group("day"))
    if dateline.group("year"):
        return day(int(dateline.group("year")), month, number)
    if by_url and (month, number) > (by_url.month, by_url.day + 1):
        # A dispatch of late December on a page of early January.
        return day(by_url.year - 1, month, number)
    year = by_url.year if by_url else year
    return day(year, month, number) if year else None
