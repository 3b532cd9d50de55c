"""What kind of source a noun phrase names, and how its words reached the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from assets.extracted.document import Document, Row
from assets.extracted.quotations.people import PRONOUN, Cast
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_INTRODUCED = 90
_KINDS_OF_PERSON = ("expert", "official", "foreign_government")
_KIND_OF_BODY = {
    "research_institute": "expert",
    "enterprise": "official",
    "association": "official",
    "international_organization": "official",
    "bank": "document",
}
_INDEFINITE = re.compile(r"^(?:an?|one|another|some|several|many|two|three|multiple|other)\b", re.IGNORECASE)
_LOWER_HEAD = re.compile(
    r"^(?:(?:an?|one|another|some|several|the|this|that|two|three)\s+)?(?:[\w’'-]+\s+){0,4}[a-z]+s?\b"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Who vouches: kind, entity, and the outlets from the origin to (not including) the page's own relay."""

    kind: str
    entity_id: str | None = None
    outlets: tuple[str, ...] = ()
    is_anonymous: bool = False
    speaks_for_state: bool = False
    is_person: bool = False
    inherits: bool = field(default=True, compare=False)


@cache
def by_use(use: str) -> tuple[Rule, ...]:
    """The rules of attributions.toml with this `use`."""
    return tuple(r for r in rules("attributions") if r.options["use"] == use)


@cache
def outlets(reference: Reference) -> dict[str, Row]:
    """The outlets by id."""
    return {r["outlet_id"]: r for r in reference.rows("outlets")}


@cache
def organizations(reference: Reference) -> dict[str, Row]:
    """The organizations by id."""
    return {r["organization_id"]: r for r in reference.rows("organizations")}


@cache
def countries(reference: Reference) -> dict[str, str]:
    """The country of a place, by place id."""
    return {r["place_id"]: r["country"] or "KP" for r in reference.rows("places")}


@cache
def offices(reference: Reference) -> dict[str, tuple[str, ...]]:
    """The countries whose bodies a person holds or held office in, by person id."""
    known = organizations(reference)
    return {
        p["person_id"]: tuple(
            known[r["organization_id"]]["country"] or "" for r in p["roles"] or [] if r["organization_id"] in known
        )
        for p in reference.rows("people")
    }


@lru_cache(maxsize=1 << 14)
def kind_of(phrase: str) -> tuple[str | None, str | None]:
    """The kind of source that the words of a noun phrase tell, and the rule that says so; None if they tell none."""
    for rule in by_use("source"):
        if rule.pattern.search(phrase):
            return rule.options["kind"], rule.name
    return None, None


class Classifier:
    """Says what source a noun phrase of one document names."""

    def __init__(self, document: Document, reference: Reference, cast: Cast) -> None:
        """Remember the state media the document names, for "state media" without a name."""
        self.document = document
        self.text = document.text
        self.reference = reference
        self.cast = cast
        known = outlets(reference)
        named = {
            m["entity_id"] for m in cast.mentions if m["entity_id"] in known and known[m["entity_id"]]["is_state_media"]
        }
        self.state_medium = named.pop() if len(named) == 1 else None
        self._known: dict[str, Source] = {}

    def classify(self, start: int, end: int, default: str | None = None) -> Source | None:
        """The source that the noun phrase [start, end) names; None if it does not name one."""
        phrase = self.text[start:end]
        if PRONOUN.fullmatch(phrase):
            return None
        speaker = self.cast.named(start, end)
        if speaker.entity_id in outlets(self.reference):
            return self._outlet(speaker.entity_id)
        kind, rule = kind_of(phrase)
        if kind == "state_media":
            medium = (self.state_medium,) if self.state_medium else ()
            return Source("state_media", self.state_medium, medium, speaks_for_state=True)
        if speaker.entity_id is not None and speaker.is_person:
            return self._person(speaker.entity_id, phrase, start, kind)
        if speaker.entity_id is not None:
            return self._organization(speaker.entity_id, kind)
        if speaker.is_person and kind in ("expert", "official", "foreign_government", None):
            return self._unlisted(phrase, start, end, kind)
        kind = default or kind
        if kind == "official" and self._is_foreign(start, end):
            kind = "foreign_government"
        return self._unnamed(kind, phrase, start, end) if kind and (rule or default) else None

    def _is_foreign(self, start: int, end: int) -> bool:
        """Whether the noun phrase names a country or place outside the DPRK."""
        known = countries(self.reference)
        return any(known.get(p, "KP") != "KP" for p in self.cast.places(start, end))

    def _outlet(self, outlet_id: str | None) -> Source:
        assert outlet_id is not None
        official = bool(outlets(self.reference)[outlet_id]["is_state_media"])
        return Source("state_media" if official else "outlet", outlet_id, (outlet_id,), speaks_for_state=official)

    def _person(self, person_id: str, phrase: str, start: int, kind: str | None) -> Source | None:
        """A person with an entry: by the offices held, else by how the text introduces them."""
        countries = offices(self.reference).get(person_id, ())
        if "KP" in countries:
            return Source("official", person_id, speaks_for_state=True, is_person=True)
        if person_id in self._known:
            return self._known[person_id]
        if kind is None:
            kind = self._introduced(start, len(phrase))
        if kind not in _KINDS_OF_PERSON and any(countries):
            kind = "official"
        if kind not in _KINDS_OF_PERSON:
            return None
        if kind == "official" and any(countries):
            kind = "foreign_government"
        if kind == "official" and self._is_foreign(start, start + len(phrase)):
            kind = "foreign_government"
        self._known[person_id] = Source(kind, person_id, is_person=True)
        return self._known[person_id]

    def _introduced(self, start: int, length: int) -> str | None:
        """The kind that an apposition after a name gives ("Rim, an economist at …")."""
        after = self.text[start + length : start + length + _INTRODUCED]
        apposition = re.match(r",\s([^.;:“”\"]+?)(?:,|\s(?:said|told|says))", after)
        kind = kind_of(apposition[1])[0] if apposition else None
        return kind if kind in _KINDS_OF_PERSON else None

    def _unlisted(self, phrase: str, start: int, end: int, kind: str | None) -> Source | None:
        """A named person without an entry; remembered by last name for "Ward said" after the introduction."""
        last = re.findall(r"[A-Z][\w’'-]+", phrase)
        key = last[-1] if last else phrase
        kind = kind or self._introduced(start, end - start)
        if kind is None:
            return next((s for n, s in self._known.items() if n == key), None)
        if kind == "official" and self._is_foreign(start, end + _INTRODUCED // 2):
            kind = "foreign_government"
        self._known[key] = Source(kind, None, is_person=True)
        return self._known[key]

    def _organization(self, entity_id: str, kind: str | None) -> Source | None:
        body = organizations(self.reference).get(entity_id)
        if body is None:
            return Source(kind, entity_id) if kind in ("official", "document", "foreign_government") else None
        if body["country"] == "KP":
            return Source("official", entity_id, speaks_for_state=True)
        if kind == "document":
            return Source("document", entity_id)
        return Source(_KIND_OF_BODY.get(body["kind"], "foreign_government"), entity_id)

    def _unnamed(self, kind: str, phrase: str, start: int, end: int) -> Source:
        """A source without a name of its own; a body named in the phrase is its entity, except for the anonymous."""
        if kind == "anonymous_source":
            media = [m["entity_id"] for m in self.cast.inside(start, end) if m["entity_id"] in outlets(self.reference)]
            return Source(kind, outlets=tuple(media[:1]), is_anonymous=True)
        bodies = [m for m in self.cast.inside(start, end) if m["entity_kind"] == "organization" and m["entity_id"]]
        entity = bodies[0]["entity_id"] if bodies else None
        body = organizations(self.reference).get(entity) if entity else None
        state = kind == "official" and body is not None and body["country"] == "KP"
        if kind == "official" and body is not None and (body["country"] or "KP") != "KP":
            kind = "foreign_government"
        unnamed = kind in ("official", "expert") and _LOWER_HEAD.match(phrase) is not None
        anonymous = entity is None and (unnamed or _INDEFINITE.match(phrase) is not None)
        return Source(kind, entity, is_anonymous=anonymous, speaks_for_state=state)


def told(source: Source, outlet_id: str) -> Source:
    """The same source, speaking to an outlet."""
    return source if outlet_id in source.outlets else replace(source, outlets=(*source.outlets, outlet_id))
