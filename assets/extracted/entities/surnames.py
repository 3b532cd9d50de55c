"""Who a surname alone means: the person of that name the text has named in full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assets.extracted.entities.gazetteer import Gazetteer
from assets.extracted.entities.span import Span
from assets.extracted.entities.words import lists, words

Named = tuple[int, str]
"""Where a person is named in full (-1: in the title), and the person's id."""


@lru_cache(maxsize=1 << 14)
def surname_of(name: str) -> str:
    """The part of a full name that is used alone: the first for Korean and Chinese names, the last for others."""
    tokens = name.replace("-", " ").split()
    chinese = tokens[0] in words("person", "chinese") and len(tokens) == 2
    first = len(tokens) > 1 and (tokens[0] in words("person", "surnames") or chinese)
    return tokens[0] if first else tokens[-1]


def bare(flat: str, people: Sequence[Span], title: str | None, gaz: Gazetteer) -> list[Span]:
    """The surnames that stand alone, each as the person last named in full before it (or in the title, or after it).

    It is left open where the last sentence that names one names another of the same surname too. A title before
    the surname ("Premier Kim") narrows the choice to who held such an office. Single names after a title among
    `people`, which come in order of their starts, are settled in place.
    """
    known, shown = _named_in_full(flat, people, title, gaz)
    for span in people:
        if span.rule == "titled_name" and (name := flat[span.start : span.end]) in known:
            span.ids = _who(flat, span.start, known[name], gaz) or span.ids
    return [
        Span(start, start + len(surname), "person", ids, "bare_surname")
        for surname, mentions in known.items()
        if flat.count(surname) > shown.get(surname, 0)
        for start in _alone(flat, surname)
        if (ids := _who(flat, start, mentions, gaz))
    ]


def _named_in_full(
    flat: str, people: Sequence[Span], title: str | None, gaz: Gazetteer
) -> tuple[dict[str, list[Named]], dict[str, int]]:
    """By surname, the people named in full, and how often the surname stands in their names: where else it does not
    occur, it does not stand alone."""
    known: dict[str, list[Named]] = {}
    shown: dict[str, int] = {}
    for person_id in gaz.people_in(title) if title else ():
        known.setdefault(surname_of(gaz.people[person_id]["name"]), []).append((-1, person_id))
    for span in people:
        if len(span.ids) == 1:
            surface = flat[span.start : span.end]
            row = gaz.people.get(span.ids[0])
            name = row["name"] if row else surface
            if " " in name:
                surname = surname_of(name)
                known.setdefault(surname, []).append((span.start, span.ids[0]))
                shown[surname] = shown.get(surname, 0) + (surname in surface)
    return known, shown


def _alone(flat: str, surname: str) -> Iterator[int]:
    """Where `surname` stands without a given name after it."""
    if len(surname) < 3 and surname not in words("person", "sure_surnames"):
        return
    at = flat.find(surname)
    while at >= 0:
        end = at + len(surname)
        if not (_touches(flat, at - 1) or _touches(flat, end) or _GIVEN.match(flat, end)):
            yield at
        at = flat.find(surname, end)


_GIVEN = re.compile(r" [A-Z][a-z]*\b")


def _touches(flat: str, at: int) -> bool:
    return 0 <= at < len(flat) and (flat[at].isalnum() or flat[at] == "-")


_STOP = re.compile(r"[.!?]\"? ")


def _who(flat: str, start: int, mentions: Sequence[Named], gaz: Gazetteer) -> tuple[str, ...]:
    """The persons a surname at `start` may mean; none if a title before it fits nobody named."""
    dead = words("person", "deceased")
    living = [m for m in mentions if m[1] not in dead] or list(mentions)
    if office := _office_before(flat, start):
        living = [m for m in living if _held(m[1], office, gaz)]
    before = [m for m in living if m[0] < start]
    if not before:
        return tuple(sorted({i for _, i in living}))
    at, last = before[-1]
    near = {i for where, i in before if where >= 0 and not _STOP.search(flat, where, at)}
    return tuple(sorted(near | {last}))


def _office_before(flat: str, start: int) -> str | None:
    """The office named directly before a surname, if it is one that tells namesakes apart."""
    word = flat[max(0, start - 20) : start].rstrip().rpartition(" ")[2].lower()
    return word if word in lists()["person"]["offices"] else None


def _held(person_id: str, office: str, gaz: Gazetteer) -> bool:
    row = gaz.people.get(person_id)
    names = lists()["person"]["offices"][office]
    return row is None or any(role["role"].lower().startswith(tuple(names)) for role in row["roles"] or ())
