"""The names of the reference tables in one automaton, with the words that announce other names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import ahocorasick_rs as ac

from assets.extracted.entities.span import flatten, unhyphenated
from assets.extracted.entities.words import Head, heads, key_of, lists, plural_of, words
from warehouse.reference import Reference

TABLES = (
    ("places", "place", "place_id"),
    ("people", "person", "person_id"),
    ("organizations", "organization", "organization_id"),
    ("outlets", "outlet", "outlet_id"),
    ("policies", "policy", "policy_id"),
)


@dataclass
class Cue:
    """What a string found in the text may be: names of entities, a head word, a surname, a title."""

    entries: tuple[tuple[str, str], ...] = ()
    head: Head | None = None
    surname: bool = False
    chinese: bool = False
    title: bool = False
    verb: bool = False
    short: str | None = None
    glued: bool = False
    prefix: str | None = None
    opening: str | None = None
    hangul: bool = False
    units: bool = False
    """Whether it is a word for several places of a kind ("counties")."""
    owner: tuple[str, int] | None = None
    kind: str = field(init=False, default="")
    """The kind of entity first thought of, of those among `entries`; "" if there are only policies or none."""
    ids: tuple[str, ...] = field(init=False, default=())
    policies: tuple[str, ...] = field(init=False, default=())
    owns: bool = field(init=False, default=False)
    """Whether it names a body or a country, to which others may belong."""
    full: bool = field(init=False, default=False)
    """Whether it is a person's name of three words or more: what stands inside it is no name of its own."""
    builds: bool = field(init=False, default=False)
    """Whether it announces a name that is not in the reference tables."""
    lead: int = field(init=False, default=0)
    """How many characters the automaton's patterns for it have before it."""

    def complete(self, form: str) -> Cue:
        """This cue, for the string `form`, with what follows from its fields worked out once."""
        kinds = {k for k, _ in self.entries}
        self.kind = next((k for k in ("place", "organization", "outlet", "person") if k in kinds), "")
        self.ids = tuple(i for k, i in self.entries if k == self.kind)
        self.policies = tuple(i for k, i in self.entries if k == "policy")
        self.full = self.kind == "person" and form.count(" ") > 1
        self.lead = int(form[0].islower())
        begins = self.prefix or self.opening
        self.builds = bool(self.head or begins or self.surname or self.chinese or self.title or self.verb)
        return self


Hit = tuple[int, int, Cue]
"""Where a cue begins and ends in the text, and the cue."""


@dataclass(eq=False)
class Gazetteer:
    """The compiled names of one reference."""

    cues: list[Cue]
    automaton: ac.AhoCorasick
    keys: dict[str, tuple[tuple[str, str], ...]]
    places: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]
    organizations: dict[str, dict[str, Any]]
    continued: frozenset[str]
    """The keys of all names, and of what stands in them before "of" or "for"."""
    demonyms: dict[str, str]
    cohorts: dict[int, frozenset[str]]
    provinces: dict[str, str | None] = field(default_factory=dict)
    identified: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _people(self) -> tuple[list[str], ac.AhoCorasick]:
        """The ids of the people of the tables, and an automaton of their names in that order."""
        names = [row["name"] for row in self.people.values()]
        return list(self.people), ac.AhoCorasick(names, matchkind=ac.MatchKind.Standard, store_patterns=False)

    def people_in(self, title: str) -> list[str]:
        """The people whose names stand in a title, in the order of the tables."""
        ids, automaton = self._people
        found = automaton.find_matches_as_indexes(title, overlapping=True)
        return [ids[i] for i in sorted({m[0] for m in found})] if found else []

    def hits(self, bare: str) -> list[Hit]:
        """The cues in `bare` (flattened, without hyphens) that stand as words of their own, in order of their ends; of
        those that end alike the longest first."""
        hits: list[Hit] = []
        cues = self.cues
        text = f" {bare}  "  # so that there is a character before the first and after the last
        for index, begin, stop in self.automaton.find_matches_as_indexes(text, overlapping=True):
            cue = cues[index]
            start, end = begin - 1 + cue.lead, stop - 1
            before, after = text[start], text[stop]
            left = before != " " and before.isalnum()
            right = after != " " and after.isalnum() and text[end].isalnum()
            if not (left or right) or _may_touch(bare, start, end, left, right, cue):
                hits.append((start, end, cue))
        return hits


def _may_touch(bare: str, start: int, end: int, left: bool, right: bool, cue: Cue) -> bool:
    """Whether a cue counts although a letter or digit touches it on the left or right."""
    if cue.hangul:
        return not left
    if cue.glued:
        return _is_glue(bare, start, end, left, right)
    return cue.head is not None and not right and bare[start - 1].islower() and bare[start].isupper()


def _is_glue(bare: str, start: int, end: int, left: bool, right: bool) -> bool:
    """Whether a bold name stuck to its neighbours because markup was stripped ("ComradeKim Jong Unin")."""
    if left and not (bare[start - 1].islower() or bare[start - 1].isdigit()):
        return False
    if not right:
        return True
    rest = bare[end : end + 2]
    return rest[:1].isupper() or (len(rest) == 2 and rest.isalpha() and rest.islower() and rest != "ng")


@cache
def gazetteer(reference: Reference) -> Gazetteer:
    """The gazetteer of `reference`, built once per content."""
    places = {r["place_id"]: r for r in reference.rows("places")}
    demonyms = _demonyms(places)
    entries, keys, continued = _entries(reference, frozenset(demonyms))
    cues = _cues(entries)
    _mark_owners(cues, demonyms)
    patterns = [(pattern, cue) for form, cue in cues.items() for pattern in _patterns(form)]
    automaton = ac.AhoCorasick(
        [pattern for pattern, _ in patterns],
        matchkind=ac.MatchKind.Standard,
        store_patterns=False,
        implementation=ac.Implementation.ContiguousNFA,
    )
    return Gazetteer(
        cues=[cue for _, cue in patterns],
        automaton=automaton,
        keys={k: tuple(sorted(v)) for k, v in keys.items()},
        places=places,
        people={r["person_id"]: r for r in reference.rows("people")},
        organizations={r["organization_id"]: r for r in reference.rows("organizations")},
        continued=frozenset(continued),
        demonyms=demonyms,
        cohorts=_cohorts(reference),
        provinces={k: _province(k, places) for k in places},
    )


def _patterns(form: str) -> list[str]:
    """What the automaton looks for to find `form`: itself, or with what may stand before it if it begins small, since
    else it would follow up every small letter within a word, which takes twice the time."""
    return [before + form for before in _BEFORE_SMALL] if form[0].islower() else [form]


_BEFORE_SMALL = " '\"“([/—"

Names = dict[str, set[tuple[str, str]]]


def _entries(reference: Reference, countries: frozenset[str]) -> tuple[Names, Names, set[str]]:
    """The strings by which entities are found, all their names in the form that key_of gives them, and with these
    what stands in a name before "of" or "for"."""
    entries: Names = defaultdict(set)
    keys: Names = defaultdict(set)
    continued: set[str] = set()
    rows = ((kind, key, row) for table, kind, key in TABLES for row in reference.rows(table))
    for kind, key, row in rows:
        if row[key] in words("words", "not_named"):
            continue
        for name in _all_names(row):
            flat = flatten(name)
            keys[key_of(flat)].add((kind, row[key]))
            continued.update(key_of(flat[: joint.start()]) for joint in _CONTINUES.finditer(flat))
        for name in _names(row, countries):
            for form in _forms(name, kind):
                entries[form].add((kind, row[key]))
    return entries, keys, continued | keys.keys()


_CONTINUES = re.compile(" (?:of|for) ")


def _mark_owners(cues: dict[str, Cue], demonyms: dict[str, str]) -> None:
    """Note who may own others, and the country with which a name begins ("North Korea's parliament"): it is a mention
    of its own."""
    countries = frozenset(demonyms.values())
    for form, cue in cues.items():
        cue.owns = cue.kind == "organization" or not countries.isdisjoint(cue.ids[:1])
        country, possessive, _ = form.partition("'s ")
        if possessive and country in demonyms:
            cue.owner = demonyms[country], len(country)


def _all_names(row: dict[str, Any]) -> list[str]:
    return [n for n in (row["name"], row.get("name_ko"), *(row["aliases"] or [])) if n]


def _names(row: dict[str, Any], countries: frozenset[str]) -> Iterable[str]:
    """The names of a reference row by which it is found.

    Left out: names that only add to another one whose body it is ("Political Bureau of the WPK" beside "Political
    Bureau"), since there both are named, and those that give two names at once.
    """
    names = _all_names(row)
    plain = {flatten(n) for n in names}
    for name in names:
        flat = flatten(name)
        if "(" in flat or ", " in flat[:-8] or _is_short(flat):
            continue
        if "organization_id" in row and _adds_owner(flat, plain, countries):
            continue
        yield name


def _adds_owner(name: str, names: set[str], countries: frozenset[str]) -> bool:
    for space in (i for i, c in enumerate(name) if c == " "):
        if name[:space].removesuffix("'s") in countries and name[space + 1 :] in names:
            return True
    at = name.find(" of ")
    while at >= 0:
        bare, rest = name[:at], name[at + 4 :].removeprefix("the ")
        if (bare in names and rest != "Korea") or (" of " in bare and rest in countries):
            return True
        at = name.find(" of ", at + 1)
    return False


def _is_short(name: str) -> bool:
    return name.removeprefix("the ").removeprefix("our ") in lists()["short"]["names"]


def _forms(name: str, kind: str) -> Iterable[str]:
    """The strings by which a name is found, hyphens as spaces."""
    form = unhyphenated(flatten(name))
    yield form
    if ", " in form:
        yield from (form.replace(", ", joint) for joint in (" ", ", the ", " the "))
    if form[0].islower():
        yield form[0].upper() + form[1:]
    if kind == "organization":
        yield from _organization_forms(form)
    if len(form) > 4 and (" " in form or kind == "place") and not form.isupper():
        yield form.upper()
    if kind == "policy":
        yield form.lower()
    if form.startswith("the "):
        yield "The " + form[4:]


def _organization_forms(form: str) -> Iterable[str]:
    """A body's name with its head word written small ("Musan mine"), and with the party's name spelled out."""
    own, _, last = form.rpartition(" ")
    head = heads().get(last)
    if own and head is not None and head.group == "enterprise" and not head.plural:
        yield f"{own} {last.lower()}"
    if form.startswith("C.C.") and form.endswith(" WPK"):
        spelled_out = form.removesuffix("WPK") + "Workers' Party of Korea"
        for name in (form, spelled_out):
            for joint in (" ", ", ", ", the ", " the "):
                whole = name.replace(", ", joint)
                yield from (whole, whole.replace("C.C.", "C. C."), whole.replace("C.C.", "C.C"))


def _cues(entries: dict[str, set[tuple[str, str]]]) -> dict[str, Cue]:
    """Every string the automaton looks for, with what it announces."""
    glued = words("person", "glued")
    cues: dict[str, Cue] = defaultdict(Cue)
    for form, found in entries.items():
        cue = cues[form]
        cue.entries = tuple(sorted(found))
        cue.glued = any(kind == "person" and i in glued for kind, i in found)
        cue.hangul = "\uac00" <= form[0] <= "\ud7a3" and len(form) > 2
    _add_builders(cues)
    for name, entity_id in lists()["short"]["names"].items():
        cues[name].short = entity_id
    for name, entity_id in lists()["short"]["places"].items():
        cues[name].entries = (("place", entity_id),)
    return {form: cue.complete(form) for form, cue in cues.items()}


def _add_builders(cues: dict[str, Cue]) -> None:
    """Mark the words by which names are built that are not in the reference tables."""
    person = lists()["person"]
    for form, head in heads().items():
        if not (head.plural and head.group == "institution"):  # "ministries" name no body, whatever stands before them
            cues[unhyphenated(form)].head = head
    for name in lists()["place"]["units"]:
        cues[plural_of(name)].units = True
    for name in person["surnames"]:  # with the space before a given name: most words that begin like one end there
        cues[f"{name} "].surname = True
    for name in person["chinese"]:
        cues[f"{name} "].chinese = True
    for name in person["titles"]:
        cues[unhyphenated(name)].title = True
    for name in person["verbs"]:
        cues[name].verb = True
    for name, pattern in lists()["place"]["prefixes"].items():
        cues[name].prefix = pattern
    for name, pattern in lists()["other"]["openings"].items():
        cues[name].opening = pattern


def _demonyms(places: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Adjectives and names of countries, with the country."""
    found = dict(lists()["demonyms"])
    for place_id, row in places.items():
        if row["kind"] == "country":
            found.update({flatten(n): place_id for n in (row["name"], *(row["aliases"] or []))})
    return found


def _cohorts(reference: Reference) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for row in reference.rows("regional_cohorts"):
        found[row["cohort_year"]].add(row["place_id"])
    return {year: frozenset(ids) for year, ids in found.items()}


def _province(place_id: str, places: dict[str, dict[str, Any]]) -> str | None:
    """The first-level unit a place lies in, itself if it is one."""
    seen: set[str] = set()
    while place_id in places and place_id not in seen:
        if places[place_id]["kind"] in {"province", "directly_governed_city"}:
            return place_id
        seen.add(place_id)
        place_id = places[place_id]["parent_place_id"] or ""
    return None
