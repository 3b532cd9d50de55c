"""What the readers of frames know from the reference data: countries, posts, outlets, sectors, quotas and plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from ahocorasick_rs import AhoCorasick

from assets.extracted.frames_patterns import lowered
from warehouse.reference import Reference

HOME = "KP"


@cache
def countries(reference: Reference) -> dict[str, str]:
    """The country of each place, organization and policy, by id."""
    found: dict[str, str] = {}
    for table, key in (("places", "place_id"), ("organizations", "organization_id")):
        found.update({r[key]: r["country"] for r in reference.rows(table) if r.get("country")})
    found.update({r["policy_id"]: HOME for r in reference.rows("policies")})
    return found


@cache
def last_posts(reference: Reference) -> dict[str, int]:
    """The year in which the last post of each person ended who holds none."""
    found = {}
    for r in reference.rows("people"):
        ends = [role["end"] for role in r["roles"] or []]
        if ends and all(ends):
            found[r["person_id"]] = max(int(str(end)[:4]) for end in ends)
    return found


@cache
def state_media(reference: Reference) -> dict[str, bool]:
    """Whether each outlet is state media."""
    return {r["outlet_id"]: bool(r["is_state_media"]) for r in reference.rows("outlets")}


class SectorWords:
    """The keywords of all sectors, found in one pass."""

    def __init__(self, reference: Reference) -> None:
        by_word: dict[str, str] = {}
        for r in reference.rows("sectors"):
            for word in r["keywords"] or []:
                by_word.setdefault(word.lower(), r["sector_id"])
        self._sectors = list(by_word.values())
        self._automaton = AhoCorasick(list(by_word))

    def named(self, text: str) -> dict[str, int]:
        """The sectors whose keywords stand in the text as whole words, with the length of the longest keyword; of
        keywords that overlap the first counts, and of those that begin together the longest."""
        found: dict[str, int] = {}
        free = 0
        for start, end, which in sorted(self._whole_words(lowered(text)), key=lambda m: (m[0], -m[1])):
            if start >= free:
                free = end
                sector = self._sectors[which]
                found[sector] = max(found.get(sector, 0), end - start)
        return found

    def _whole_words(self, text: str) -> Iterator[tuple[int, int, int]]:
        for which, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if (start == 0 or not _is_of_word(text[start - 1], "-")) and (
                end == len(text) or not _is_of_word(text[end])
            ):
                yield start, end, which


def _is_of_word(character: str, also: str = "") -> bool:
    return character.isalnum() or character == "_" or character == also


@cache
def sector_words(reference: Reference) -> SectorWords:
    """The keywords of all sectors."""
    return SectorWords(reference)


@cache
def sector_parents(reference: Reference) -> dict[str, str | None]:
    """The parent of each sector."""
    return {r["sector_id"]: r.get("parent_sector_id") for r in reference.rows("sectors")}


@cache
def quota_patterns(reference: Reference) -> dict[str, tuple[float, re.Pattern[str]]]:
    """For each policy with a quota, its number and the words for what it counts."""
    found = {}
    for r in reference.rows("policies"):
        if r.get("quota_object") and r.get("quota_value"):
            nouns = "|".join(re.escape(n) for n in r["quota_object"].split(" and "))
            found[r["policy_id"]] = float(r["quota_value"]), re.compile(rf"\b(?:{nouns})\b", re.IGNORECASE)
    return found


@cache
def long_plans(reference: Reference) -> tuple[tuple[date, date], ...]:
    """First and last day of each five-year plan, in order of time."""
    days = [
        (r["start_date"], r["end_date"])
        for r in reference.rows("policies")
        if r["policy_id"].startswith("five_year_plan") and r["start_date"] and r["end_date"]
    ]
    return tuple(sorted((_date(a), _date(b)) for a, b in days))


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
