"""Which entity an ambiguous name means, from the words around it and the rest of the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from assets.extracted.entities.gazetteer import Gazetteer
from assets.extracted.entities.span import Span, slug
from assets.extracted.entities.words import key_of, pattern, words


def mended(flat: str, built: list[Span], glued: list[Span]) -> list[Span]:
    """`built` without the spans that read one of the `glued` names ("SecretaryKim Jong Unvisited") as words of their
    own."""
    glued = [s for s in glued if s.kind == "person"]
    if not glued:
        return built
    touched = bytearray(len(flat))
    for name in glued:
        touched[name.start : name.end] = b"\x01" * (name.end - name.start)
    return [s for s in built if touched.find(b"\x01", s.start, s.end) < 0 or not any(_tears(flat, s, g) for g in glued)]


def _tears(flat: str, span: Span, name: Span) -> bool:
    if span.end <= name.start or name.end <= span.start:
        return False
    return not (span.start == name.start and flat[name.end].isupper() and span.end > name.end)


_UNIT = pattern("unit")
_SINGULAR = {"counties": "county", "cities": "city", "provinces": "province", "districts": "district"}
_UNIT_KINDS = {
    "county": {"county"},
    "city": {"city", "directly_governed_city", "foreign_place"},
    "province": {"province", "foreign_place"},
    "district": {"district", "workers_district"},
}
_LIST_END = pattern("list_end")
BEFORE_UNIT = frozenset({" C", " c", " P", " p", " D", " d"})
BEFORE_LIST = frozenset({" a", ", "})
"""With what the words begin after which a place may be one of a kind ("County", ", Kusong and Anju counties")."""


def _unit_after(flat: str, end: int) -> tuple[re.Match[str], str] | None:
    """The word for the kind of a place that ends at `end`, directly after it or at the end of a list, as one of
    _UNIT_KINDS."""
    after = _LIST_END if flat.startswith(_JOINTS, end) else _UNIT
    found = after.match(flat, end)
    if found is None:
        return None
    word = found.group(1).lower()
    return found, _SINGULAR.get(word, word)


_JOINTS = (", ", " and ")


def extend_unit(flat: str, span: Span, gaz: Gazetteer) -> None:
    """Take "County", "counties" and the like after a place into its span, and keep what is of that kind; read a
    person's name before such a word as the county named after the person."""
    after = _unit_after(flat, span.end)
    if after is None:
        return
    found, unit = after
    if span.kind == "place":
        places = tuple(i for i in span.ids if gaz.places.get(i, {}).get("kind") in _UNIT_KINDS[unit])
    elif span.kind == "person":
        name = f"{flat[span.start : span.end]} {unit}"
        places = tuple(i for k, i in gaz.keys.get(key_of(name), ()) if k == "place")
    else:
        return
    if places:
        span.kind, span.ids, span.unit = "place", places, unit
        if found.re is _UNIT:
            span.end = found.end()


def settled(flat: str, spans: list[Span], title: str | None, gaz: Gazetteer) -> list[Span]:
    """Those of `spans`, which come in order of their starts, that name something; which of the entities it may be is
    decided in place."""
    places: list[Span] = []
    bodies: list[Span] = []
    for span in spans:
        if span.kind == "place":
            places.append(span)
        elif span.kind == "organization":
            bodies.append(span)
    if bodies:
        _assign_short_forms(flat, bodies)
    if places:
        _settle_places(flat, places, gaz)
        _leave_the_south(flat, places, gaz)
        _settle_areas(flat, places)
    if bodies:
        _assign_owners(flat, bodies, gaz)
        _settle_people(spans, bodies, gaz)
        _assign_party_organs(flat, bodies, gaz)
        _assign_party(flat, bodies, gaz)
        _doubt_bodies(flat, bodies, spans, title, gaz)
    return [s for s in spans if s.ids and s.kind]


def _settle_places(flat: str, places: list[Span], gaz: Gazetteer) -> None:
    """Narrow the places that share a name: by the province beside them, then by the document's provinces and cohort."""
    if not [s for s in places if len(s.ids) > 1]:
        return
    places = sorted(places, key=lambda s: s.start - s.end)
    open_spans = [s for s in places if len(s.ids) > 1]
    settled = [s for s in places if len(s.ids) == 1]
    for span in open_spans:
        span.ids = _prefer(span, gaz)
    for span in open_spans:
        if len(span.ids) > 1:
            _keep_in(span, {_province_beside(span, settled, flat, gaz)}, gaz)
    named = {gaz.provinces.get(s.ids[0]) for s in settled if gaz.places.get(s.ids[0], {}).get("kind") == "province"}
    cohort = _cohort(settled, gaz)
    for span in open_spans:
        _keep_in(span, named, gaz)
        _keep(span, lambda i: i in cohort)
    chosen = {flat[s.start : s.end].split()[0]: s.ids for s in open_spans if len(s.ids) == 1}
    for span in open_spans:
        if len(span.ids) > 1:
            span.ids = chosen.get(flat[span.start : span.end].split()[0], span.ids)


def _prefer(span: Span, gaz: Gazetteer) -> tuple[str, ...]:
    """Without a word for its kind, a name means the county, city or province before a district, river or site."""
    ranks = {i: _RANK.get(gaz.places.get(i, {}).get("kind", ""), 2) for i in span.ids}
    best = min(ranks.values())
    return tuple(i for i in span.ids if ranks[i] == best)


_RANK = {
    "country": 0,
    "directly_governed_city": 0,
    "province": 0,
    "county": 0,
    "city": 0,
    "foreign_place": 1,
    "district": 1,
}


def _keep(span: Span, fits: Callable[[str], bool]) -> None:
    if len(span.ids) > 1:
        kept = tuple(i for i in span.ids if fits(i))
        if len(kept) == 1:
            span.ids = kept


def _keep_in(span: Span, provinces: set[str | None], gaz: Gazetteer) -> None:
    _keep(span, lambda i: gaz.provinces.get(i) in provinces - {None})


def _province_beside(span: Span, settled: list[Span], flat: str, gaz: Gazetteer) -> str | None:
    """The province named within a few words: after ("Unsan County, South Phyongan Province") or before."""
    for other in settled:
        gap = flat[span.end : other.start] if other.start >= span.end else flat[other.end : span.start]
        if len(gap) <= 14 and gaz.places.get(other.ids[0], {}).get("kind") == "province" and "." not in gap:
            return other.ids[0]
    return None


def _cohort(settled: list[Span], gaz: Gazetteer) -> frozenset[str]:
    """The cohort of the regional development policy that most places of the document belong to; empty if few do."""
    ids = {s.ids[0] for s in settled}
    sizes = Counter({year: len(ids & members) for year, members in gaz.cohorts.items()})
    if not sizes:
        return frozenset()
    year, size = sizes.most_common(1)[0]
    counties = [i for i in ids if gaz.places.get(i, {}).get("kind") == "county"]
    return gaz.cohorts[year] if size >= 3 and size * 2 >= len(counties) else frozenset()


_BEFORE = pattern("owner_before")
_AFTER = pattern("owner_after")
_OWNED = {
    "cabinet",
    "ministry",
    "commission",
    "legislature",
    "bank",
    "state_organ",
    "bureau",
    "party",
    "military",
    "foreign_agency",
}


_QUALIFIERS = frozenset({"puppet", "new", "coalition", "government"})
"""Words that may stand between a country and its body."""


def owner(flat: str, span: Span, gaz: Gazetteer) -> str | None:
    """The country that the words beside a body's name say it belongs to, None if they say nothing."""
    before = flat[span.start - 45 if span.start > 45 else 0 : span.start]
    if _may_own(before):
        found = _BEFORE.search(before)
        tokens = found.group(1).split() if found else []
        for size in (3, 2, 1):
            if len(tokens) >= size and (country := gaz.demonyms.get(" ".join(tokens[-size:]))):
                return country
    if not flat.startswith(" of ", span.end):
        return None
    after = _AFTER.match(flat, span.end)
    tokens = after.group(1).split() if after else []
    for size in range(len(tokens), 0, -1):
        if country := gaz.demonyms.get(" ".join(tokens[:size])):
            return country
    return None


def _may_own(before: str) -> bool:
    """Whether the words before a body can end in a country's name: but for what may follow, the last is not small."""
    tokens = before.rsplit(" ", 3)
    if tokens.pop():
        return False
    if tokens and tokens[-1] == "the":
        tokens.pop()
    if tokens and tokens[-1] in _QUALIFIERS:
        tokens.pop()
    return not (tokens and tokens[-1].isalpha() and tokens[-1].islower())


_LISTED_ON = pattern("listed_on")
_IN_THE_SOUTH = pattern("in_the_south")
_IN = (" of ", " in ", ", of ", ", in ")


def _leave_the_south(flat: str, places: list[Span], gaz: Gazetteer) -> None:
    """Tell a place that the text says is in the South from its namesake in the North ("Kangwon Province of ...")."""
    for span in places:
        if flat.startswith(_IN, span.end) and _IN_THE_SOUTH.match(flat, span.end):
            row = gaz.places.get(span.ids[0], {})
            if row.get("country") == "KP" and row["kind"] in _RANK and row["kind"] != "country":
                span.ids = (f"{span.ids[0]}_south_korea",)


def _assign_owners(flat: str, bodies: list[Span], gaz: Gazetteer) -> None:
    """Give bodies to the country that the text says they belong to; they come in order of their starts.

    One named like a body of the DPRK that is listed right after another country's may be that country's: it is doubted.
    """
    before: Span | None = None
    for span in bodies:
        _assign_owner(flat, span, gaz)
        # the words between two of a list are ", and the " at most
        if before and 0 <= span.start - before.end <= 10 and _LISTED_ON.match(flat[before.end : span.start]):
            span.doubted = _is_shared(span, gaz) and _is_foreign(flat, before, gaz) and owner(flat, span, gaz) is None
        before = span


def _is_foreign(flat: str, span: Span, gaz: Gazetteer) -> bool:
    """Whether a body that is no embassy is another country's, by its row, its name or the words beside it."""
    if span.doubted:
        return True
    name = flat[span.start : span.end]
    if "mbassy" in name or not span.ids:
        return False
    if (row := gaz.organizations.get(span.ids[0])) is not None:
        return row["country"] not in ("KP", None)
    country = gaz.demonyms.get(name.partition(" ")[0]) or owner(flat, span, gaz)
    return country not in (None, "dprk")


def _assign_owner(flat: str, span: Span, gaz: Gazetteer) -> None:
    """Give a body with a name that other states' have too to the country that the text says it belongs to."""
    ids = span.ids
    known = gaz.organizations.get(ids[0]) if len(ids) == 1 else None
    if known is None:
        if span.rule != "institution_name" or not flat.startswith(_GOVERNMENT, span.start):
            return
    elif known["kind"] not in _OWNED:
        return
    country = owner(flat, span, gaz)
    if country is None or (known is not None and _code(country, gaz) == known["country"]):
        return
    name = flat[span.start : span.end]
    if same := _namesakes(name, country, gaz):
        span.ids = same
    elif country != "dprk" and (known is None or known["country"] == "KP"):
        span.ids = (slug(f"{known['name'] if known else key_of(name)} of {country}"),)


_GOVERNMENT = tuple(f"{word} " for word in words("words", "government"))


def _code(country: str, gaz: Gazetteer) -> str | None:
    code: str | None = gaz.places.get(country, {}).get("country")
    return code


def _namesakes(name: str, country: str, gaz: Gazetteer) -> tuple[str, ...]:
    """The reference's bodies of `country` that are called `name`, with or without the country's name after it."""
    row = gaz.places.get(country, {"name": country, "aliases": None})
    forms = [name, *(f"{name} of {own}" for own in (row["name"], *(row["aliases"] or ())))]
    found = {i for form in forms for k, i in gaz.keys.get(key_of(form), ()) if k == "organization"}
    code = _code(country, gaz)
    return tuple(sorted(i for i in found if code and gaz.organizations[i]["country"] == code))


_BUILT = frozenset({"institution_name", "enterprise_name", "unit_name"})


def _assign_short_forms(flat: str, bodies: list[Span]) -> None:
    """Give a name that repeats the end of a longer one before it ("the Mining Group") the id of the longer; the bodies
    come in order of their starts."""
    if not [s for s in bodies[1:] if s.rule in _BUILT]:
        return
    longer: dict[str, tuple[str, ...]] = {}  # by what a name before may be shortened to
    for span in bodies:
        name = flat[span.start : span.end]
        if span.rule in _BUILT and not name.endswith("Party"):
            span.ids = longer.get(name, span.ids)
        space = name.find(" ") if span.ids else -1
        while space > 0:
            if not name.endswith(_BEFORE_SHORT, 0, space):
                longer[name[space + 1 :]] = span.ids
            space = name.find(" ", space + 1)


_BEFORE_SHORT = (" of", " of the", " for", " for the", " and")


_RECENT = 400


def _assign_party(flat: str, bodies: list[Span], gaz: Gazetteer) -> None:
    """ "the Party" is the Workers' Party, unless just before another one was named: then it may be either; the bodies
    come in order of their starts."""
    if not [s for s in bodies if s.rule == "short_name"]:
        return
    last, at = "workers_party_of_korea", 0
    for span in bodies:
        if span.rule == "short_name" and span.ids == ("workers_party_of_korea",):
            ours = flat[max(0, span.start - 4) : span.start].lower() == "our "
            if last != "workers_party_of_korea" and not ours and span.start - at < _RECENT:
                span.ids = ("workers_party_of_korea", last)
        elif len(span.ids) == 1:
            party = _party(span.ids[0], gaz)
            last, at = (party, span.end) if party else (last, at)


def _party(organization_id: str, gaz: Gazetteer) -> str | None:
    """The party that a mention of a body names: the Workers' Party for its own organs, None if it is no party."""
    row = gaz.organizations.get(organization_id)
    if row is None:
        return organization_id if organization_id.endswith("_party") or "_party_of_" in organization_id else None
    if row["country"] == "KP" and row["kind"] in {"party", "party_organ"}:
        return "workers_party_of_korea"
    return organization_id if row["kind"] == "party" else None


def _doubt_bodies(flat: str, bodies: list[Span], spans: list[Span], title: str | None, gaz: Gazetteer) -> None:
    """Doubt bodies named like the DPRK's ("the Finance Ministry") in a text that names nothing else of the DPRK.

    A "cabinet" written small is then no name at all.
    """
    shared = [s for s in bodies if _is_shared(s, gaz)]
    if not shared or (title and "DPRK" in title):
        return
    for span in spans:
        if _is_korean(flat, span, gaz) and not (span.kind == "organization" and _is_shared(span, gaz)):
            return
    for span in shared:
        span.doubted = True
        if flat[span.start].islower():
            span.ids = ()


def _is_shared(span: Span, gaz: Gazetteer) -> bool:
    """Whether a body is one of the DPRK's that other states have too."""
    row = gaz.organizations.get(span.ids[0]) if len(span.ids) == 1 else None
    return row is not None and row["country"] == "KP" and row["kind"] in _SHARED


_SHARED = frozenset({"cabinet", "ministry", "commission", "bank", "bureau"})


def _is_korean(flat: str, span: Span, gaz: Gazetteer) -> bool:
    if span.kind == "person":
        return flat[span.start : span.end].split(" ")[0] in words("person", "surnames")
    row = gaz.places.get(span.ids[0]) or gaz.organizations.get(span.ids[0]) if span.ids else None
    return row is not None and row["country"] == "KP"


_ORGAN_OF = pattern("organ_of")


def _assign_party_organs(flat: str, bodies: list[Span], gaz: Gazetteer) -> None:
    """Give "Political Bureau" of another party's Central Committee to that party; the bodies come in order of their
    starts."""
    if len(bodies) < 2:
        return
    for span, following in pairwise([s for s in bodies if len(s.ids) == 1]):
        if following.start - span.end > 60:
            continue
        row = gaz.organizations.get(span.ids[0])
        if row is None or row["kind"] != "party_organ":
            continue
        party = _party(following.ids[0], gaz)
        if party not in (None, "workers_party_of_korea") and _ORGAN_OF.search(flat[span.end : following.start]):
            span.ids = (slug(f"{flat[span.start : span.end]} of {party}"),)


def _settle_areas(flat: str, places: list[Span]) -> None:
    """Read a name alone as the area of that name, where the text has named the area and no county of that name."""
    areas = {
        flat[s.start : s.end - 5]: s.ids for s in places if flat.endswith(_AREA, s.start, s.end) and len(s.ids) == 1
    }
    if not areas:
        return
    named = [s for s in places if len(s.ids) == 1]
    units = {flat[s.start : s.end].rsplit(" ", 1)[0] for s in named if s.unit}
    for span in named:
        name = flat[span.start : span.end]
        if name in areas and name not in units and span.unit is None:
            span.ids = areas[name]


_AREA = (" area", " Area", " AREA")


def _settle_people(spans: list[Span], bodies: list[Span], gaz: Gazetteer) -> None:
    """Of namesakes take the one whose office is with a body that the document names."""
    people = [s for s in spans if s.kind == "person" and len(s.ids) > 1]
    named = {s.ids[0] for s in bodies if len(s.ids) == 1} if people else set()
    for span in people:
        _keep(span, lambda i: any(r["organization_id"] in named for r in gaz.people.get(i, {}).get("roles") or ()))
