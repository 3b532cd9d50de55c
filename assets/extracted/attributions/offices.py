"""What the reference data say of outlets, bodies, countries and the persons who hold office."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import NamedTuple

from assets.extracted.document import Row
from assets.extracted.quotations.people import state_media
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_OF_DPRK = re.compile(r"\bof (?:the )?(?:DPRK|North Korea)$")
_LEARNED = "research_institute"

Country = tuple[str, str]
"""A country's place id and its code."""


class Standing(Enum):
    """What the offices of a person make them."""

    HOME = "of the DPRK"
    ABROAD = "of another country"
    SCHOLAR = "of a research institute"


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
def countries(reference: Reference) -> dict[str, Country]:
    """The country of a place, by place id; places without one are in the DPRK."""
    rows = reference.rows("places")
    whole = {r["country"]: r["place_id"] for r in rows if r["kind"] == "country"}
    codes = {r["place_id"]: r["country"] or "KP" for r in rows}
    return {place: (whole.get(code, place), code) for place, code in codes.items()}


@cache
def standings(reference: Reference) -> dict[str, Standing]:
    """The standing of the persons who hold or held office, by person id."""
    found = {}
    for person in reference.rows("people"):
        bodies = [organizations(reference).get(r["organization_id"]) for r in person["roles"] or []]
        held = {(b["country"] or "", b["kind"]) for b in bodies if b}
        if any(country == "KP" for country, _ in held) or any(
            _OF_DPRK.search(r["role"]) for r in person["roles"] or []
        ):
            found[person["person_id"]] = Standing.HOME
        elif any(kind != _LEARNED for country, kind in held if country):
            found[person["person_id"]] = Standing.ABROAD
        elif any(kind == _LEARNED for _, kind in held) or any(_expert(r["role"]) for r in person["roles"] or []):
            found[person["person_id"]] = Standing.SCHOLAR
    return found


class Directory(NamedTuple):
    """What a reference says of outlets, bodies, countries and persons, each by id."""

    outlets: dict[str, Row]
    organizations: dict[str, Row]
    countries: dict[str, Country]
    standings: dict[str, Standing]
    state_media: frozenset[str]


@cache
def directory(reference: Reference) -> Directory:
    """All that a reference says of who may be a source."""
    known = outlets(reference), organizations(reference), countries(reference), standings(reference)
    return Directory(*known, state_media(reference))


def _expert(role: str) -> bool:
    return any(r.name == "expert" and r.pattern.search(role) is not None for r in by_use("source"))
