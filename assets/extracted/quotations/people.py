"""Who a noun phrase means: entity mentions, pronouns and titles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from assets.extracted.document import Document, Row
from warehouse.reference import Reference

PRONOUNS = frozenset(("he", "she", "they", "it", "i", "we", "who", "which", "his", "her", "its", "their"))
NAME = re.compile(r"(?:[A-Z][\w’'.-]*[\w.](?:\s+(?:(?:de|van|von|der|al|bin|of|the|for)\s+)*(?=[A-Z])|\b))+")
_PREPOSITION = re.compile(
    r"\b(?:of|for|from|in|at|by|with|to|on|under|near|about|against)\s+(?:the\s+)?(?:[\w’'-]+\s+)*$"
)
_AFTER_HEAD = re.compile(r"\s*(?:$|[,(\[—–-]|himself|herself|itself|['’]s?\s*$|of\b|at\b|in\b|who\b)")
_OFFICE_OF = re.compile(
    r"(?!The\b|An?\b)(?:[A-Z][\w-]*\s+){0,4}(?:[Mm]inister|[Cc]hairman|[Ss]ecretary|[Dd]irector|[Pp]resident|[Cc]hief|[Dd]eputy)\s+(?:of|for)\s+"
    r"(?:the\s+)?(?:(?:[A-Z][\w-]*|and|of|the)\s+)+$"
)
_TITLE = re.compile(
    r"^(?:the|our|its|their)\s+(?:[\w’'-]+\s+){0,4}?(?P<office>[a-z]{4,}(?:\s(?:secretary|minister|general))?)$", re.I
)
_LEADER = re.compile(
    r"^the\s+(?:(?:DPRK|North(?:ern)? Korean|NK|supreme|top|young|country['’]s|nation['’]s)\s+)+leader$|^the leader$",
    re.I,
)
_LEADER_ROLE = re.compile(r"(?:(?:first|general) secretary|(?:first )?chairman|president) of", re.IGNORECASE)
SPEAKING = ("person", "organization", "outlet")

Span = tuple[int, int]


class Speaker(NamedTuple):
    """Somebody's words stand as [start, end) in the text; the entity where it is known who that is."""

    start: int
    end: int
    surface: str
    entity_id: str | None
    is_pronoun: bool = False
    is_person: bool = False


class Cast:
    """The persons, organizations and outlets a document mentions."""

    def __init__(self, document: Document, reference: Reference, mentions: Sequence[Row]) -> None:
        """Index the rows of `mentions` that can speak."""
        self.document = document
        self.rows = mentions
        self.text = document.text
        self.published_on = document.published_on
        self.reference = reference
        self._named: dict[Span, Speaker] = {}
        self.mentions = [m for m in mentions if m["entity_kind"] in SPEAKING]
        self._places = [m for m in mentions if m["entity_kind"] == "place" and m["entity_id"]]
        self._place_starts = [m["start_char"] for m in self._places]
        self._starts = [m["start_char"] for m in self.mentions]

    def inside(self, start: int, end: int) -> list[Row]:
        """The mentions that lie in [start, end), in order."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        return [m for m in self.mentions[first:last] if m["end_char"] <= end] if first < last else []

    def named(self, start: int, end: int) -> Speaker:
        """The speaker that the noun phrase [start, end) names; without an entity if no mention is its head."""
        speaker = self._named.get((start, end))
        if speaker is None:
            speaker = self._named[start, end] = self._speaker(start, end)
        return speaker

    def _speaker(self, start: int, end: int) -> Speaker:
        surface = self.text[start:end]
        heads = [m for m in self.inside(start, end) if self._is_head(m, start, end)]
        if heads:
            head = next((m for m in heads if m["entity_kind"] == "person"), heads[0])
            return Speaker(start, end, surface, head["entity_id"], is_person=head["entity_kind"] == "person")
        if title := self._titled(surface, start):
            return Speaker(start, end, surface, title, is_person=True)
        return Speaker(start, end, surface, None, is_person=self._has_name(surface, start))

    def _has_name(self, surface: str, start: int) -> bool:
        """Whether the head of a noun phrase looks like a person's name."""
        if " " not in surface or surface.islower():
            return False
        for name in NAME.finditer(surface):
            first, last = name.span()
            is_head = " " in name.group() and _AFTER_HEAD.match(surface, last)
            if is_head and not self._is_taken(start + first, start + last):
                return True
        return False

    def _is_taken(self, start: int, end: int) -> bool:
        """Whether what looks like a name is that of a place, a body or an outlet."""
        return bool(self.place_mentions(start, end)) or any(
            m["entity_kind"] != "person" for m in self.inside(start, end)
        )

    def _is_head(self, mention: Row, start: int, end: int) -> bool:
        """Whether a noun phrase is about the mention, and not about somebody or something of its."""
        before = self.text[start : mention["start_char"]]
        after = self.text[mention["end_char"] : end]
        if not before and not after:
            return True
        titled = mention["entity_kind"] == "person" and not after and _OFFICE_OF.match(before)
        if before and _PREPOSITION.search(before) and not titled:
            return False
        glued = mention["entity_kind"] == "person" and after[:1].islower()
        return glued or _AFTER_HEAD.match(after) is not None

    def _titled(self, surface: str, start: int) -> str | None:
        """The person a title with an article means: one introduced with it before, or the leader of the day."""
        match = _TITLE.match(surface)
        if not match:
            return None
        office = match["office"].lower().split()[-1]
        for mention in reversed(self.mentions[: bisect_left(self._starts, start)]):
            if mention["entity_kind"] != "person":
                continue
            before = self.text[max(0, mention["start_char"] - 40) : mention["start_char"]].lower()
            if before.rstrip().endswith(office):
                return str(mention["entity_id"]) if mention["entity_id"] else None
        return leader(self.reference, self.published_on) if _LEADER.match(surface) else None

    def place_mentions(self, start: int, end: int) -> list[Row]:
        """The places named in [start, end), in order."""
        first = bisect_left(self._place_starts, start)
        return self._places[first : bisect_left(self._place_starts, end, first)]


_latest: Cast | None = None


def cast_of(document: Document, reference: Reference, mentions: Sequence[Row]) -> Cast:
    """The cast of a document; one extractor after the other asks for that of the same mentions."""
    global _latest
    known = _latest
    if (
        known is None
        or known.document is not document
        or known.rows is not mentions
        or known.reference is not reference
    ):
        known = _latest = Cast(document, reference, mentions)
    return known


@cache
def state_media(reference: Reference) -> frozenset[str]:
    """The outlets that speak for the DPRK state."""
    return frozenset(r["outlet_id"] for r in reference.rows("outlets") if r["is_state_media"])


@cache
def leader(reference: Reference, on: date | None) -> str | None:
    """The person who led the DPRK on a day, by the offices in the reference; NULL if that is not just one."""
    found = set()
    for person in reference.rows("people"):
        for role in person["roles"] or []:
            if _LEADER_ROLE.match(role["role"]) and (role["organization_id"] or "") in _LEADING and _holds(role, on):
                found.add(person["person_id"])
    return found.pop() if len(found) == 1 else None


_LEADING = {"workers_party_of_korea", "state_affairs_commission", "national_defence_commission"}


def _holds(role: dict[str, str | None], on: date | None) -> bool:
    """Whether an office was held on a day (today, where the day is unknown: the end is open)."""
    start, end = role["start"] or "", role["end"] or ""
    if on is None:
        return not end
    day = on.isoformat()
    return start <= day[: len(start)] and (not end or day[: len(end)] <= end)
