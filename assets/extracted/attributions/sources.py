"""What kind of source a noun phrase names, and how its words reached the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from assets.extracted.attributions.offices import Directory, Standing, by_use, outlets
from assets.extracted.document import Document
from assets.extracted.quotations.people import PRONOUNS, Cast, Speaker
from warehouse.reference import Reference

_INTRODUCED = 90
_KINDS_OF_PERSON = ("expert", "official", "foreign_government")
_KIND_OF_BODY = {
    "research_institute": "expert",
    "enterprise": "official",
    "association": "official",
    "international_organization": "document",
    "bank": "document",
}
_INDEFINITE = re.compile(r"^(?:an?|one|another|some|several|many|two|three|multiple|other)\b", re.IGNORECASE)
_LOWER_HEAD = re.compile(
    r"^(?:(?:an?|one|another|some|several|the|this|that|two|three)\s+)?(?:[\w’'-]+\s+){0,4}[a-z]+s?\b"
)
_ABOUT = re.compile(r"\b(?:on|about|with|to|at|for|between|against|near|in|into|over)\s+(?:the\s+)?(?:[\w-]+\s+)?$")
_OWNER = re.compile(r"([\w .-]{3,60}?)['’]s?\s")
_CAPITAL = re.compile(r"[A-Z][\w’'-]+")
_BEYOND_NAME = re.compile(r",|\s(?:of|at|in|from|for|with|who)\s")
_AGAIN = {
    "medium_again": "medium",
    "piece_again": "piece",
    "record_again": "record",
    "report_maker": "person",
}
"""By rule of words that point back, at what."""
_OWNED = ("record", "press_person", "edition", "medium")
"""Rules of words for what, or who, is somebody's."""
_WHOLE = re.compile(r"(?:the\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """Who vouches: kind, entity, and the outlets from the origin to (not including) the page's own relay.

    `is_record` says that the words name what somebody wrote down ("customs data") and not who did. Of kind "again"
    are words that only point back: `entity_id` then says at what sort of source, and `otherwise` which it is if
    there was none.
    """

    kind: str
    entity_id: str | None = None
    outlets: tuple[str, ...] = ()
    is_anonymous: bool = False
    speaks_for_state: bool = False
    is_person: bool = False
    is_record: bool = field(default=False, compare=False)
    otherwise: Source | None = field(default=None, compare=False)

    @property
    def is_medium(self) -> bool:
        """Whether the source passes on what others say."""
        return self.kind in ("state_media", "outlet") and not self.is_person


@cache
def outlet_source(reference: Reference, outlet_id: str) -> Source:
    """An outlet as a source."""
    official = bool(outlets(reference)[outlet_id]["is_state_media"])
    return Source("state_media" if official else "outlet", outlet_id, (outlet_id,), speaks_for_state=official)


@cache
def own_voice(reference: Reference, outlet_id: str) -> Source:
    """An outlet that speaks on its own pages: nothing stands between it and them."""
    return replace(outlet_source(reference, outlet_id), outlets=())


@cache
def pointing_back(to: str) -> Source:
    """What words that only point back name: the person, thing, medium, … `to` is the sort of it."""
    return Source("again", to)


@cache
def _again(rule: str, kind: str | None) -> Source:
    """`the agency`, `the article`, `the statement`: the one named last; in reports of the state's media the
    `reporter` is who makes the report."""
    is_record = rule in ("piece_again", "record_again")
    otherwise = Source(kind or "document", is_anonymous=not is_record, is_record=is_record)
    return Source("again", _AGAIN[rule], otherwise=otherwise)


@lru_cache(maxsize=10_000)
def of_state(entity_id: str, *, is_person: bool) -> Source:
    """An official or a body of the DPRK: one object for all documents."""
    return Source("official", entity_id, speaks_for_state=True, is_person=is_person)


@lru_cache(maxsize=10_000)
def kind_of(phrase: str) -> tuple[str | None, str | None]:
    """The kind of source that the words of a noun phrase say, and the rule; None if they say none."""
    for rule in by_use("source"):
        if rule.pattern.search(phrase):
            return rule.options["kind"], rule.name
    return None, None


class Classifier:
    """Says what source a noun phrase of one document names."""

    def __init__(self, document: Document, reference: Reference, known: Directory, cast: Cast) -> None:
        """Start with nobody known but those of the reference."""
        self.document = document
        self.text = document.text
        self.reference = reference
        self.cast = cast
        self.known = known
        self.outlets, self.bodies = self.known.outlets, self.known.organizations
        self._known: dict[str, Source] = {}
        self.is_states_own = document.outlet_id in self.known.state_media

    def _state_medium(self) -> str | None:
        """The state's medium that the document names, if it names just one."""
        named = {m["entity_id"] for m in self.cast.mentions if m["entity_id"] in self.known.state_media}
        return named.pop() if len(named) == 1 else None

    def classify(self, start: int, end: int, default: str | None = None) -> Source | None:
        """The source that the noun phrase [start, end) names; None if it does not name one."""
        phrase = self.text[start:end]
        if phrase.lower() in PRONOUNS:
            return None
        speaker = self.cast.named(start, end)
        if speaker.entity_id in self.outlets:
            return outlet_source(self.reference, str(speaker.entity_id))
        kind, rule = kind_of(phrase)
        if rule in _AGAIN and (rule != "report_maker" or self.is_states_own):
            return _again(rule, kind)
        if kind == "state_media":
            medium = self._state_medium()
            return Source("state_media", medium, (medium,) if medium else (), speaks_for_state=True)
        if rule in _OWNED and (source := self._of_somebody(start, end, rule == "record")):
            return source
        if speaker.entity_id is None and (country := self._country(start, end)):
            return country
        if speaker.is_person and (speaker.entity_id is not None or kind in (*_KINDS_OF_PERSON, None)):
            return self._named_person(speaker, kind)
        if speaker.entity_id is not None:
            return self._organization(speaker.entity_id, kind, abroad=self._is_foreign_government(start, end))
        if kind is None and phrase in self._known:
            return self._known[phrase]
        kind = kind or default
        return self._unnamed(kind, phrase, start, end, is_record=rule == "record") if kind else None

    def _named_person(self, speaker: Speaker, kind: str | None) -> Source | None:
        if speaker.entity_id is not None:
            return self._person(speaker.entity_id, speaker.surface, speaker.start, kind)
        return self._unlisted(speaker.surface, speaker.start, speaker.end, kind)

    def is_person(self, start: int, end: int) -> bool:
        """Whether the noun phrase names a person, known or not."""
        return self.cast.named(start, end).is_person

    def _of_somebody(self, start: int, end: int, is_record: bool) -> Source | None:
        """Whose record it is ("a KCNA report", "data released by the customs"), or whose reporter."""
        for mention in self.cast.inside(start, end):
            if mention["entity_id"] is None or _ABOUT.search(self.text[start : mention["start_char"]]):
                continue
            if mention["entity_id"] in self.outlets:
                return replace(outlet_source(self.reference, mention["entity_id"]), is_record=is_record)
            if is_record and mention["entity_kind"] == "organization":
                source = self._organization(mention["entity_id"], "document")
                if not by_use("public_record")[0].pattern.search(self.text, start, end):
                    source = replace(source, kind="document")
                return replace(source, is_record=True)
        owner = _OWNER.match(self.text, start, end) if is_record else None
        if owner and kind_of(owner[1])[0] in _KINDS_OF_PERSON:
            return self.classify(start, owner.end(1))
        return None

    def _country(self, start: int, end: int) -> Source | None:
        """A country, or a capital that stands for its government, which is the whole phrase."""
        for place in self.cast.place_mentions(start, end):
            around = self.text[start : place["start_char"]], self.text[place["end_char"] : end].strip()
            if around[1] or not _WHOLE.fullmatch(around[0]):
                continue
            country, code = self.known.countries.get(place["entity_id"], ("", ""))
            surface = self.text[place["start_char"] : place["end_char"]]
            if country != place["entity_id"] and not by_use("capital")[0].pattern.search(surface):
                continue
            if code == "KP":
                return Source("official", country, speaks_for_state=True)
            return Source("foreign_government", country)
        return None

    def _side(self, start: int, end: int) -> str | None:
        """Whose the noun phrase says somebody is: "home" for the DPRK, "abroad"; None if it does not say."""
        known = self.known.countries
        for place in self.cast.place_mentions(start, end):
            code = known.get(place["entity_id"])
            if not _ABOUT.search(self.text[start : place["start_char"]]):
                return "home" if code is None or code[1] == "KP" else "abroad"
        return None

    def _person(self, person_id: str, phrase: str, start: int, kind: str | None) -> Source | None:
        """A person with an entry: by the offices held, else by how the text introduces them."""
        standing = self.known.standings.get(person_id)
        if standing == Standing.HOME:
            return of_state(person_id, is_person=True)
        if person_id in self._known:
            return self._known[person_id]
        end = start + len(phrase)
        if standing == Standing.SCHOLAR:
            kind = "expert"
        kind = kind if kind in _KINDS_OF_PERSON else self._introduced(start, len(phrase))
        key = _last_name(phrase)
        if kind is None and key in self._known:
            return self._known[key]
        if kind is None and (standing == Standing.ABROAD or self.is_states_own):
            kind = "official"
        if kind is None:
            return None
        if kind == "official" and (standing == Standing.ABROAD or self._is_foreign_government(start, end)):
            kind = "foreign_government"
        self._known[person_id] = self._known[key] = Source(kind, person_id, is_person=True)
        return self._known[person_id]

    def _introduced(self, start: int, length: int) -> str | None:
        """The kind that an apposition after a name gives ("Rim, an economist at …")."""
        after = self.text[start + length : start + length + _INTRODUCED]
        apposition = re.match(r",\s([^.;:“”\"]+?)(?:,|\.|\s(?:said|told|says))", after)
        kind = kind_of(apposition[1])[0] if apposition else None
        return kind if kind in _KINDS_OF_PERSON else None

    def _unlisted(self, phrase: str, start: int, end: int, kind: str | None) -> Source | None:
        """A named person without an entry; remembered by last name for "Ward said" after the introduction."""
        key = _last_name(phrase)
        kind = kind or self._introduced(start, end - start)
        if kind is None and (key in self._known or not self.is_states_own):
            return self._known.get(key)
        kind = kind or "official"
        if kind == "official" and self._is_foreign_government(start, end + _INTRODUCED // 2):
            kind = "foreign_government"
        self._known[key] = Source(kind, None, is_person=True)
        return self._known[key]

    def _is_foreign_government(self, start: int, end: int) -> bool:
        """Whether an official is another country's, and of its government, not of a party or company there."""
        private = by_use("private")[0].pattern.search(self.text, start, end)
        return private is None and self._side(start, end) == "abroad"

    def _organization(self, entity_id: str, kind: str | None, *, abroad: bool = False) -> Source:
        """A body; of one without an entry it says `abroad` whether it is another government's."""
        body = self.bodies.get(entity_id)
        if body is None and kind == "outlet":
            return Source("outlet", entity_id, (entity_id,))
        if body is None:
            known = kind if kind in ("document", "foreign_government") else None
            return Source(known or ("foreign_government" if abroad else "official"), entity_id)
        if body["country"] == "KP":
            return of_state(entity_id, is_person=False)
        if kind == "document" and body["kind"] != "foreign_agency":
            return Source("document", entity_id)
        return Source(_KIND_OF_BODY.get(body["kind"], "foreign_government"), entity_id)

    def _unnamed(self, kind: str, phrase: str, start: int, end: int, *, is_record: bool) -> Source:
        """A source without a name of its own; a body named in the phrase is its entity, except for the anonymous."""
        if kind == "anonymous_source":
            media = [m["entity_id"] for m in self.cast.inside(start, end) if m["entity_id"] in self.outlets]
            return Source(kind, outlets=tuple(media[:1]), is_anonymous=True)
        bodies = [m for m in self.cast.inside(start, end) if m["entity_kind"] == "organization" and m["entity_id"]]
        entity = bodies[0]["entity_id"] if bodies and not is_record else None
        body = self.bodies.get(entity) if entity else None
        side = self._side(start, end) or ("home" if body and body["country"] == "KP" else None)
        state = kind == "official" and (side == "home" or (body is not None and body["country"] == "KP"))
        if kind == "foreign_government" and side == "home":
            kind, state = "official", True
        elif kind == "official":
            abroad = body is not None and (body["country"] or "KP") != "KP"
            kind = "foreign_government" if abroad or self._is_foreign_government(start, end) else kind
        elif is_record and side == "abroad" and by_use("public_record")[0].pattern.search(phrase):
            kind = "foreign_government"
        unnamed = kind in ("official", "expert") and _LOWER_HEAD.match(phrase) is not None
        anonymous = entity is None and not is_record and (unnamed or _INDEFINITE.match(phrase) is not None)
        return Source(kind, entity, is_anonymous=anonymous, speaks_for_state=state, is_record=is_record)


def _last_name(phrase: str) -> str:
    """The last word of the name in a noun phrase, by which the person is called later."""
    last = _CAPITAL.findall(_BEYOND_NAME.split(phrase)[0])
    return last[-1] if last else phrase


def told(source: Source, outlet_id: str) -> Source:
    """The same source, speaking to an outlet."""
    return source if outlet_id in source.outlets else replace(source, outlets=(*source.outlets, outlet_id))
