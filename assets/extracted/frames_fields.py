"""The columns that frames share, read from the mentions, dates and quantities found before: places, sector, policy,
actor, speaker, amount, deadline and period."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date
from functools import cached_property
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames_object import Named, meant, noun_phrase, things_named
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_reference import (
    HOME,
    countries,
    last_posts,
    long_plans,
    quota_patterns,
    sector_parents,
    sector_words,
    state_media,
)
from warehouse.reference import Reference

_GENERIC_SECTORS = frozenset(("construction", "science_technology", "finance", "education", "agriculture", "transport"))
_VAGUE_SECTORS = frozenset(("construction", "science_technology"))
_SPRING, _RECENT = 3, 100  # month; days
_TIME_UNITS = frozenset(
    ["day", "week", "month", "quarter", "half_year", "year", "decade", "century", "hour", "minute", "second"]
)
_PER_WORDS = {"annually": "year", "yearly": "year", "monthly": "month", "daily": "day"}
_GRANULARITY = {"monthly": ("month",), "quarterly": ("quarter",), "yearly": ("year",), "annual": ("year",)}
_WHOLE_COUNTRY = ("dprk", "north_korea")
_PLACE_NOUNS = frozenset(["province", "city", "county", "district", "port", "tideland"])


class Fields:
    """Reads columns off a document's earlier rows. Spans are document offsets."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        self.document = document
        self.countries = countries(reference)
        self.last_posts = last_posts(reference)
        self.state_media = state_media(reference)
        self.sectors = sector_words(reference)
        self._sectors_of: dict[str, dict[str, int]] = {}
        self.quotas = quota_patterns(reference)
        self.parents = sector_parents(reference)
        self.long_plans = long_plans(reference)
        self._rows = {name: sorted(found.get(name, ()), key=lambda r: r["start_char"]) for name in SOURCES}
        self._starts = {name: [r["start_char"] for r in rows] for name, rows in self._rows.items()}

    def rows(self, table: str, start: int, end: int) -> list[Row]:
        """The rows of `table` that lie inside [start, end), in order."""
        rows, starts = self._rows[table], self._starts[table]
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        return [r for r in rows[first:last] if r["end_char"] <= end]

    def mentions(self, start: int, end: int, *kinds: str) -> list[Row]:
        """The resolved entity mentions of these kinds inside the span."""
        return [r for r in self.rows("entity_mentions", start, end) if r.get("entity_id") and r["entity_kind"] in kinds]

    def country(self, mention: Row) -> str | None:
        """The country a mention belongs to, if the reference data says."""
        return self.countries.get(mention["entity_id"])

    def is_outside_outlet(self, outlet_id: str | None) -> bool:
        """The outlet is known and no state media."""
        return self.state_media.get(outlet_id or "") is False

    def names_domestic(self, start: int, end: int) -> bool:
        """A place or organization of the DPRK is named."""
        return any(
            self.country(m) == HOME for m in self.mentions(start, end, "place", "organization", "person", "policy")
        )

    def names_foreign(self, start: int, end: int) -> bool:
        """A place or organization of another country is named."""
        return any(self.country(m) not in (HOME, None) for m in self.mentions(start, end, "place", "organization"))

    @property
    def domestic_count(self) -> int:
        """How many mentions in the document belong to the DPRK."""
        mentions = self._rows["entity_mentions"]
        return sum(self.countries.get(str(m.get("entity_id"))) == HOME for m in mentions)

    def place_ids(self, start: int, end: int) -> list[str] | None:
        """The places named in the span, in order; None if there is none."""
        return list(dict.fromkeys(m["entity_id"] for m in self.places(start, end))) or None

    def places(self, start: int, end: int) -> list[Row]:
        """The mentions of places in the span other than the country as a whole."""
        return [m for m in self.mentions(start, end, "place") if m["entity_id"] not in _WHOLE_COUNTRY]

    @cached_property
    def _named(self) -> list[Named]:
        return things_named(self.document.text, self._rows["entity_mentions"])

    def object_of(self, thing: str, offset: int, *, of_plan: bool = True) -> str | None:
        """The noun phrase that `thing`, which stands at or after `offset`, begins with; for a bare "the hospital", "it"
        or "construction" the one thing named before that it takes up. None where there is none or it may be several.
        """
        phrase = noun_phrase(thing, of_plan=of_plan)
        if pattern("pronoun").match(phrase):
            return meant("", thing, self._named, offset, many=phrase.lower() != "it")
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

    def actor(self, start: int, end: int) -> str | None:
        """The one organization, person or place that the subject in the span names; for "the complex", "it" the last
        organization named before it in the paragraph."""
        text = self.document.text[start:end]
        for kinds in (("organization",), ("person",)):
            ids = list(dict.fromkeys(m["entity_id"] for m in self.mentions(start, end, *kinds)))
            if ids:
                return ids[0] if len(ids) == 1 and not self._names_others(start, end) else None
        anaphor = pattern("anaphor").match(text)
        if not anaphor or len(anaphor.group()) < len(text.strip()) or anaphor.group(1) in _PLACE_NOUNS:
            return None
        return self._last_before(start, "organization")

    def _names_others(self, start: int, end: int) -> bool:
        """Beside the mentions in the span stands an "and": the subject is more than the one body that is known."""
        text = self.document.text
        inside = self.mentions(start, end, "organization", "person", "place")
        kept, at = [], start
        for m in inside:
            kept.append(text[at : m["start_char"]])
            at = max(at, m["end_char"])
        return " and " in "".join([*kept, text[at:end]])

    def anaphoric_places(self, start: int, end: int) -> list[str] | None:
        """The place that "the province", "the county" at the start of the span takes up."""
        anaphor = pattern("anaphor").match(self.document.text[start:end])
        if not anaphor or anaphor.group(1) not in _PLACE_NOUNS:
            return None
        last = self._last_before(start, "place")
        return [last] if last else None

    def _last_before(self, offset: int, *kinds: str) -> str | None:
        sentence = self.document.sentence_at(offset)
        if sentence is None:
            return None
        floor = self.document.sentences[max(0, sentence.ordinal - 2)].start
        mentions = self.mentions(floor, offset, *kinds)
        return mentions[-1]["entity_id"] if mentions else None

    def speaker(self, start: int, sentence_start: int, sentence_end: int) -> str | None:
        """Who says what stands at `start`: the speaker of a quotation around it, else whoever a verb of saying in
        the sentence belongs to, "he" being the last person named."""
        for q in self._rows["quotations"]:
            if q["start_char"] <= start < q["end_char"] and q.get("speaker_id"):
                return str(q["speaker_id"])
        text = self.document.text[sentence_start:sentence_end]
        for match in sorted(pattern("saying").finditer(text), key=lambda m: abs(sentence_start + m.start() - start)):
            at = sentence_start + match.start()
            if found := self._sayer(at, sentence_start):
                return found
        return None

    @staticmethod
    def has_saying(text: str) -> bool:
        """A verb of saying stands in the text."""
        return bool(pattern("saying").search(text))

    def _sayer(self, at: int, floor: int) -> str | None:
        if pattern("he_who_says").search(self.document.text[max(floor, at - 60) : at]):
            return self.last_person(at)
        for m in reversed(self.mentions(max(floor, at - 80), at, "person", "organization")):
            gap = self.document.text[m["end_char"] : at]
            if len(gap) <= 25 and not re.search(r"[.;:”\"]|\b(?:that|which|and)\b", gap):
                return str(m["entity_id"])
        return None

    def last_person(self, offset: int) -> str | None:
        """The person "he" at `offset` stands for: the nearest one before it that may be a sentence's subject; further
        back than six sentences only if nobody else is named."""
        sentence = self.document.sentence_at(offset)
        if sentence is None:
            return None
        for earlier in reversed(self.document.sentences[max(0, sentence.ordinal - 6) : sentence.ordinal + 1]):
            people = self.mentions(earlier.start, min(earlier.end, offset), "person")
            if subjects := [m for m in people if self._may_be_subject(m, earlier.start)]:
                return str(subjects[0]["entity_id"])
        named = {str(m["entity_id"]) for m in self.mentions(0, offset, "person")}
        return named.pop() if len(named) == 1 else None

    def _may_be_subject(self, mention: Row, sentence_start: int) -> bool:
        """The name stands early in its sentence, neither in the genitive nor after a preposition, "were" or "he"."""
        text = self.document.text
        before, after = (
            text[max(0, mention["start_char"] - 12) : mention["start_char"]],
            text[mention["end_char"] :][:2],
        )
        early = mention["start_char"] - sentence_start < 90
        has_subject = re.search(r"\b(?:[Hh]e|[Ss]he)\b", text[sentence_start : mention["start_char"]])
        return (
            early
            and not has_subject
            and after[:1] not in "'’"
            and not re.search(r"\b(?:by|with|of|to|for|were|was|and|from|President)\s+$", before)
        )

    def is_retold(self, person_id: str | None) -> bool:
        """The person held no post in the five years before publication, so the words are retold history."""
        published = self.document.published_on
        ended = self.last_posts.get(person_id or "")
        return bool(published and ended and ended < published.year - 5)

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
        """The date is what a figure is compared with ("than the year before", "percent of 2020")."""
        return bool(pattern("compared_with").search(self.document.text[max(0, d["start_char"] - 40) : d["start_char"]]))

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


SOURCES = ("entity_mentions", "dates", "quantities", "quotations", "attributions")


def is_percent(quantity: Row) -> bool:
    """Printed as a percentage."""
    return bool(quantity.get("is_percent")) or quantity.get("unit_id") == "percent"


def as_date(value: date | str) -> date:
    """A date given as a date or in ISO form."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def due_of(d: Row) -> dict[str, Any]:
    """deadline_start and deadline_end of a date row."""
    return {"deadline_start": as_date(d["start_date"]), "deadline_end": as_date(d["end_date"])}


def period_of(d: Row) -> dict[str, Any]:
    """period_start and period_end of a date row."""
    return {"period_start": as_date(d["start_date"]), "period_end": as_date(d["end_date"])}
