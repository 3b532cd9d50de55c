"""The columns that frames share, read from the mentions, dates and quantities found before: object, places, sector,
policy and amount here, actors and speakers in frames_voices, deadlines and periods in frames_times."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames_object import Named, meant, noun_phrase, things_named
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_reference import quota_patterns, sector_parents, sector_words
from assets.extracted.frames_rows import WHOLE_COUNTRY
from assets.extracted.frames_times import Times
from assets.extracted.frames_voices import Voices
from warehouse.reference import Reference

_GENERIC_SECTORS = frozenset(("construction", "science_technology", "finance", "education", "agriculture", "transport"))
_VAGUE_SECTORS = frozenset(("construction", "science_technology"))
_TIME_UNITS = frozenset(
    ["day", "week", "month", "quarter", "half_year", "year", "decade", "century", "hour", "minute", "second"]
)
_PER_WORDS = {"annually": "year", "yearly": "year", "monthly": "month", "daily": "day"}


class Fields(Voices, Times):
    """Reads columns off a document's earlier rows. Spans are document offsets."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        super().__init__(document, reference, found)
        self.sectors = sector_words(reference)
        self.quotas = quota_patterns(reference)
        self.parents = sector_parents(reference)
        self._sectors_of: dict[str, dict[str, int]] = {}

    def place_ids(self, start: int, end: int) -> list[str] | None:
        """The places named in the span, in order; None if there is none."""
        return list(dict.fromkeys(m["entity_id"] for m in self.places(start, end))) or None

    def places(self, start: int, end: int) -> list[Row]:
        """The mentions of places in the span other than the country as a whole."""
        return [m for m in self.mentions(start, end, "place") if m["entity_id"] not in WHOLE_COUNTRY]

    @cached_property
    def _named(self) -> list[Named]:
        return things_named(self.document.text, self._rows["entity_mentions"])

    def object_of(self, thing: str, offset: int, *, of_plan: bool = True) -> str | None:
        """The noun phrase that `thing`, which stands at or after `offset`, begins with; for a bare "the hospital", "it"
        or "construction" the one thing named before that it takes up. None where there is none or it may be several.
        """
        phrase = noun_phrase(thing, of_plan=of_plan)
        if pattern("pronoun").match(phrase):
            return meant("", thing, self._named, offset, many=not phrase.lower().startswith("it"))
        if not phrase and not pattern("takes_up").match(thing):
            return None
        return (
            meant(phrase, thing, self._named, offset) if pattern("may_take_up").search(phrase) or not phrase else phrase
        )

    def only_named(self, offset: int) -> str | None:
        """The one facility that is named before `offset`, for a clause that names none."""
        return meant("", "", self._named, offset)

    def sector(self, *texts: str) -> str | None:
        """The sector that the first text to name one names: the most specific keyword, the longest first. The head of a
        text counts before what it is needed for."""
        heads = [t for text in texts for t in (pattern("purpose").split(text, maxsplit=1)[0], text) if t]
        for i, text in enumerate(heads):
            found = self._named_sectors(text)
            specific = [s for s in found if not any(self.parents.get(o) == s for o in found)]
            telling = [s for s in specific if s not in _GENERIC_SECTORS] or specific
            if telling and (not _VAGUE_SECTORS.issuperset(telling) or not self._tells_more(heads[i + 1 :])):
                best = max(telling, key=lambda s: found[s])
                narrower = (s for later in heads[i + 1 :] for s in self._named_sectors(later))
                return next((s for s in narrower if self.parents.get(s) == best), best)
        return None

    def _tells_more(self, later: list[str]) -> bool:
        return any(self._named_sectors(text).keys() - _GENERIC_SECTORS for text in later)

    def _named_sectors(self, text: str) -> dict[str, int]:
        """The sectors whose keywords stand in the text, with the length of the longest keyword."""
        if text not in self._sectors_of:
            self._sectors_of[text] = self.sectors.named(text)
        return self._sectors_of[text]

    def policy(self, start: int, end: int) -> str | None:
        """The one policy named in the span."""
        ids = {m["entity_id"] for m in self.mentions(start, end, "policy")}
        return ids.pop() if len(ids) == 1 else None

    def policy_by_quota(self, start: int, end: int) -> str | None:
        """The one policy named before in the document whose quota the span states, number and noun ("20 counties")."""
        named = {m["entity_id"] for m in self.mentions(0, end, "policy")} & self.quotas.keys()
        text = self.document.text[start:end]
        amounts = {float(q["value"]) for q in self.rows("quantities", start, end) if q.get("value") is not None}
        fitting = [p for p in named if self.quotas[p][0] in amounts and self.quotas[p][1].search(text)]
        return fitting[0] if len(fitting) == 1 else None

    def amount(self, start: int, end: int) -> dict[str, Any]:
        """value, unit_id, currency of the first amount in the span that is exact and neither percentage nor time."""
        for q in self.amounts(start, end):
            currency = q.get("currency")
            unit = q.get("unit_id") or (None if currency else "count")
            return {"value": float(q["value"]), "unit_id": unit, "currency": currency}
        return {}

    def amounts(self, start: int, end: int) -> list[Row]:
        """The amounts in the span that are exact, neither percentage nor time nor what something is a part of."""
        return [
            q
            for q in self.rows("quantities", start, end)
            if q.get("role") not in ("ordinal_excluded", "change", "share", "ratio")
            and not is_percent(q)
            and q.get("unit_id") not in _TIME_UNITS
            and q.get("value") is not None
            and not self.is_vague(q)
            and not self._is_of_a_whole(q)
        ]

    def per_of_amount(self, start: int, end: int) -> str | None:
        """The denominator of the rate that the first amount in the span is, not of a further amount's."""
        amounts = self.amounts(start, end)
        return self.per(start, amounts[1]["start_char"] if len(amounts) > 1 else end)

    def _is_of_a_whole(self, quantity: Row) -> bool:
        """The number is what something else is a part of ("the last of the 20 places", "of five batches")."""
        before = self.document.text[max(0, quantity["start_char"] - 40) : quantity["start_char"]]
        after = self.document.text[quantity["end_char"] : quantity["end_char"] + 30]
        words = self.document.text[quantity["start_char"] : quantity["end_char"]]
        last = words.split()[-1] if words.split() else ""
        return bool(
            pattern("part_of").search(before)
            or pattern("aside").search(
                self.document.text[max(0, quantity["start_char"] - 120) : quantity["start_char"]]
            )
            or (quantity.get("unit_id") in (None, "count") and after.startswith("-"))
            or (quantity.get("unit_id") in (None, "count") and pattern("compound_number").search(words))
            or (quantity.get("unit_id") in (None, "count") and pattern("known_number").search(before))
            or after.startswith("/")
            or pattern("stages_of_it").match(after)
            or pattern("stages_of_it").match(last)
        )

    def is_vague(self, quantity: Row) -> bool:
        """An amount like "dozens", "hundreds of hectares"."""
        return bool(pattern("vague_amount").search(self.document.text[quantity["start_char"] : quantity["end_char"]]))

    def percents(self, start: int, end: int) -> list[Row]:
        """The percentages in the span."""
        return [q for q in self.rows("quantities", start, end) if is_percent(q) and q.get("value") is not None]

    def per(self, start: int, end: int) -> str | None:
        """The rate's denominator named in the span."""
        match = pattern("rate").search(self.document.text, start, end)
        return (match.group(1) or _PER_WORDS[match.group(2).lower()]).lower() if match else None


def is_percent(quantity: Row) -> bool:
    """Printed as a percentage."""
    return bool(quantity.get("is_percent")) or quantity.get("unit_id") == "percent"
