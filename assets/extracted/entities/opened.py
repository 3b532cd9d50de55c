"""Names known by how they begin or by a number: "Mt. <word>", "Voice of <country>", "KPA Unit <number>"; villages."""

from __future__ import annotations

from assets.extracted.entities.gazetteer import Gazetteer, Hit
from assets.extracted.entities.named import identify
from assets.extracted.entities.span import Span
from assets.extracted.entities.words import heads, pattern

_PREFIXED = pattern("after_prefix")


def prefixed(flat: str, hit: Hit, gaz: Gazetteer) -> list[Span]:
    """A place whose name begins with its kind: "Mt. Kuwol", "Lake Yonphung", "River Tuman"."""
    start, end, cue = hit
    found = _PREFIXED.match(flat, end)
    if cue.prefix is None or found is None or found.group(1) in heads():
        return []
    name = cue.prefix.format(found.group(1)).replace("_", " ")
    return [Span(start, found.end(), "place", identify(name, "place", gaz), "prefixed_place")]


def opened(flat: str, hit: Hit, gaz: Gazetteer) -> list[Span]:
    """The names that begin with the words of `hit`: a broadcaster ("Voice of Laos"), a body of troops ("KPA Unit
    411"), or a pair of provinces ("North and South Phyongan ...")."""
    start, _, cue = hit
    found = pattern(cue.opening).match(flat, start) if cue.opening else None
    if found is None:
        return []
    if cue.opening == "voice_of":
        return [Span(start, found.end(), "outlet", identify(found.group(), "outlet", gaz), "voice_of")]
    if cue.opening == "numbered_unit":
        return _unit(flat, start, found.end(), gaz)
    names = [(f"{found.group(side)} {found.group(3)} Province", found.start(side)) for side in (1, 2)]
    return [
        Span(begin, found.end(), "place", identify(name, "place", gaz), "listed_provinces", True)
        for name, begin in names
    ]


def _unit(flat: str, start: int, end: int, gaz: Gazetteer) -> list[Span]:
    """A unit by its number, from `start`, if the text says that it is of the army ("KPA Unit 411", "Unit 411 of the
    KPA")."""
    begin = start - _REACH_OF_ARMY if start > _REACH_OF_ARMY else 0
    if army := _ARMY_BEFORE.search(flat[begin:start]):
        start = begin + army.start()
        name = flat[start:end]
    elif _ARMY_AFTER.match(flat, end):
        name = f"KPA {flat[start:end]}"
    else:
        return []
    return [Span(start, end, "organization", identify(name, "organization", gaz), "numbered_unit")]


_ARMY_BEFORE = pattern("army_before")
_ARMY_AFTER = pattern("army_after")
_REACH_OF_ARMY = 40

_VILLAGE = pattern("village")
_VILLAGE_END = pattern("village_end")


def villages(flat: str, gaz: Gazetteer) -> list[Span]:
    """Villages and boroughs by the ends of their names ("Undok-ri")."""
    return [
        Span(*m.span(), "place", identify(m.group(), "place", gaz), "village")
        for ending in _VILLAGE_END.finditer(flat)
        for m in _VILLAGE.finditer(flat, flat.rfind(" ", 0, ending.end()) + 1, ending.end())
    ]
