"""Words that a pattern cannot match without, read off the pattern itself: where none of them stands, the pattern, which
is slow, need not be tried."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as op  # type: ignore[attr-defined]  # CPython's own reader of patterns, which has no stubs
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

EDGE = "\b"
"""At the beginning of a word of `required`: it stands at the edge of a word."""
_MANY = 2000  # texts; of what can be written in more ways nothing more is said
_SHORTEST = 3  # letters of a text that tells something
Texts = frozenset[str]
_EMPTY: Texts = frozenset(("",))


class _Part(NamedTuple):
    """What a part of a pattern matches: the texts it begins with, whether they are all of it, and sets of texts of
    which one each stands in it."""

    texts: Texts = _EMPTY
    whole: bool = False
    sets: tuple[Texts, ...] = ()


def required(pattern: re.Pattern[str]) -> Texts:
    """Texts in small letters one of which stands in whatever the pattern matches; none if nothing can be said. Of
    several such sets it is the one whose shortest text is longest."""
    part = _row(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    return _best([*part.sets, *_telling(part.texts)])


def _best(sets: Iterable[Texts]) -> Texts:
    """The set that tells most, empty if there is none."""
    return max(sets, key=_telling_power, default=frozenset())


def _telling_power(texts: Texts) -> tuple[int, bool, int]:
    """Sets with long texts tell more than sets with short ones, then those whose texts stand at the edges of words,
    then small sets."""
    return min(map(_length, texts)), all(t.startswith(EDGE) for t in texts), -len(texts)


def _length(text: str) -> int:
    return len(text.strip(EDGE + " "))


def _telling(texts: Texts) -> tuple[Texts, ...]:
    """The texts as a set of which one must stand, without those that begin with another, if each says something."""
    written = sorted({EDGE * t.startswith(EDGE) + t.replace(EDGE, "") for t in texts})
    if min(map(_length, written)) < _SHORTEST:
        return ()
    kept: list[str] = []
    for text in written:  # in alphabetical order what begins with a text follows it
        if not kept or not text.startswith(kept[-1]):
            kept.append(text)
    return (frozenset(kept),)


def _row(nodes: Iterable[Any]) -> _Part:
    """What nodes in a row match."""
    sets: list[Texts] = []
    ended: list[Texts] = []  # texts that something follows that cannot be listed
    texts, letters = _EMPTY, ""
    for kind, value in nodes:
        if kind is op.LITERAL:
            letters += chr(value).lower()
            continue
        texts, letters = _joined(texts, (letters,)), ""
        part = _node(kind, value)
        sets += part.sets
        if len(texts) * len(part.texts) <= _MANY:
            texts = _joined(texts, part.texts)
        else:
            ended.append(texts)
            texts = part.texts
        if not part.whole:
            ended.append(texts)
            texts = _EMPTY
    texts = _joined(texts, (letters,))
    if not ended:
        return _Part(texts, True, tuple(sets))
    return _Part(ended[0], False, (*sets, *(t for rest in (*ended[1:], texts) for t in _telling(rest))))


def _joined(texts: Texts, following: Iterable[str]) -> Texts:
    return frozenset([t + f for t in texts for f in following])


def _node(kind: Any, value: Any) -> _Part:
    """What one node of a read pattern matches."""
    if kind is op.SUBPATTERN:
        return _row(value[-1])
    if kind is op.BRANCH:
        return _branches([_row(nodes) for nodes in value[1]])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _repeated(*value)
    if kind is op.IN and all(k is op.LITERAL for k, _ in value):
        return _Part(frozenset(chr(v).lower() for _, v in value), True)
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return _Part(frozenset((EDGE,)) if value is op.AT_BOUNDARY else _EMPTY, True)
    return _Part()


def _repeated(least: int, most: int, nodes: Any) -> _Part:
    part = _row(nodes)
    if (least, most) == (0, 1) and part.whole:
        return _Part(part.texts | _EMPTY, True)
    return part._replace(whole=False) if least else _Part()


def _branches(branches: list[_Part]) -> _Part:
    """What alternatives match: of sets that stand in them one is made of those that tell most of each."""
    texts = frozenset().union(*(b.texts for b in branches))
    if all(b.whole for b in branches):
        return _Part(texts, True)
    best = [_best([*b.sets, *_telling(b.texts)]) for b in branches]
    return _Part(texts, False, (frozenset().union(*best),) if all(best) else ())
