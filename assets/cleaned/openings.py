"""What a regular expression asks of a text before it is worth trying: its first characters, words it must hold.

A hundred patterns tried on every line cost more than all the rest of cleaning, and nearly all fail at the first or
second character. Both can be read off a pattern's own parse tree, once. What is not understood there counts as
possible: a pattern may be tried in vain, and is never left out where it would match.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from itertools import product
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

_Characters = frozenset[str]
_Beginning = tuple[_Characters, ...]

_WIDTH: Final = 2
_BEYOND: Final = ""
"""Stands in a set of characters for all beyond ASCII."""
_ASCII: Final = frozenset(map(chr, range(128)))
_ANY: Final = _ASCII | {_BEYOND}
_DIGITS, _SPACES = frozenset(string.digits), frozenset(c for c in _ASCII if c.isspace())
_WORDS: Final = _DIGITS | frozenset(string.ascii_letters) | {"_"}
_CATEGORIES: Final = {
    _constants.CATEGORY_DIGIT: _DIGITS | {_BEYOND},
    _constants.CATEGORY_NOT_DIGIT: _ANY - _DIGITS,
    _constants.CATEGORY_SPACE: _SPACES | {_BEYOND},
    _constants.CATEGORY_NOT_SPACE: _ANY - _SPACES,
    _constants.CATEGORY_WORD: _WORDS | {_BEYOND},
    _constants.CATEGORY_NOT_WORD: _ANY - _WORDS,
}
_ODD_CASE: Final = frozenset("ſKİı")
"""Letters beyond ASCII that equal one of ASCII where case is ignored."""
_REPEATS: Final = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_WITHOUT_WIDTH: Final = (_constants.ASSERT, _constants.ASSERT_NOT, _constants.AT)
_MARKS: Final = frozenset("/|()[]<>@#*+=;!?&%©")
_MOST_NEEDS: Final = 6
_SHORTEST_NEED: Final = 3
_WIDE: Final = 50
"""Patterns that begin with any of so many characters are tried on nearly every line."""


class Opening(NamedTuple):
    """How the matches of a pattern begin, and, where they may begin with nearly anything, the pieces in lower case of
    which each holds at least one (none if nothing of the kind is certain)."""

    beginnings: frozenset[_Beginning]
    needs: tuple[str, ...]

    def admits(self, prefix: str) -> bool:
        """Could the pattern match a text that begins with `prefix` (at most two characters)?"""
        return any(all(map(_is_in, prefix, beginning)) for beginning in self.beginnings)


def opening_of(pattern: str) -> Opening:
    """The opening of a pattern."""
    tree = _parser.parse(pattern)
    beginnings = frozenset(_beginnings(tree, tree.state.flags))
    is_wide = any(len(characters) > _WIDE for beginning in beginnings for characters in beginning[:1])
    return Opening(beginnings, tuple(sorted(_needs(tree))) if is_wide else ())


def _is_in(character: str, characters: _Characters) -> bool:
    if character.isascii():
        return character in characters
    return _BEYOND in characters or character in characters or character in _ODD_CASE


# -- beginnings


def _beginnings(tree: Iterable[Any], flags: int) -> set[_Beginning]:
    """The sets that the first characters of a match come from; after a short beginning anything may follow."""
    found: set[_Beginning] = {()}
    for element, value in tree:
        if all(len(b) == _WIDTH for b in found):
            break
        found = _joined(found, _of_element(element, value, flags))
    return found


def _joined(first: Iterable[_Beginning], second: Iterable[_Beginning]) -> set[_Beginning]:
    return {(a + b)[:_WIDTH] for a, b in product(first, second)}


def _of_element(element: Any, value: Any, flags: int) -> set[_Beginning]:
    if element in _WITHOUT_WIDTH:
        return {()}
    if element is _constants.SUBPATTERN:
        _, added, removed, tree = value
        return _beginnings(tree, (flags | added) & ~removed)
    if element is _constants.ATOMIC_GROUP:
        return _beginnings(value, flags)
    if element is _constants.BRANCH:
        return set().union(*(_beginnings(tree, flags) for tree in value[1]))
    if element in _REPEATS:
        least, most, tree = value
        return _repeated(least, most, tree, flags)
    if element is _constants.LITERAL:
        return {(_cased({chr(value)}, flags),)}
    if element is _constants.IN:
        return {(_set_of(value, flags),)}
    return {(_ANY,) * _WIDTH, (_ANY,)} if element not in (_constants.ANY, _constants.NOT_LITERAL) else {(_ANY,)}


def _repeated(least: int, most: int, tree: Iterable[Any], flags: int) -> set[_Beginning]:
    once = _beginnings(tree, flags)
    times: list[set[_Beginning]] = [{()}]
    for _ in range(min(most, least + _WIDTH)):
        times.append(_joined(times[-1], once))
    return set().union(*times[least:])


def _set_of(members: Iterable[Any], flags: int) -> _Characters:
    found: set[str] = set()
    negated = False
    for kind, value in members:
        if kind is _constants.NEGATE:
            negated = True
        elif kind is _constants.LITERAL:
            found.add(chr(value))
        elif kind is _constants.RANGE:
            found.update(map(chr, range(value[0], min(value[1], 127) + 1)), [_BEYOND] if value[1] > 127 else [])
        else:
            found |= _CATEGORIES.get(value, _ANY)
    # What a set leaves out is known among ASCII; of the rest some may remain.
    return (_ASCII - _cased(found, flags)) | {_BEYOND} if negated else _cased(found, flags)


def _cased(characters: Iterable[str], flags: int) -> _Characters:
    if not flags & re.IGNORECASE:
        return frozenset(characters)
    return frozenset(v for c in characters for v in (c, c.lower(), c.upper()))


# -- needs

_Needs = frozenset[str]


def _needs(tree: Iterable[Any]) -> _Needs:
    """Pieces of which one must stand in whatever `tree` matches: the longest it asks for, none if it asks for none."""
    found: list[_Needs] = []
    run = ""
    for element, value in tree:
        if element is _constants.LITERAL:
            run += chr(value).lower()
            continue
        found += [frozenset({run}), _needs_of(element, value)]
        run = ""
    best = max([*found, frozenset({run})], key=_worth)
    return best if _worth(best) else frozenset()


def _needs_of(element: Any, value: Any) -> _Needs:
    if element is _constants.IN and all(kind is _constants.LITERAL for kind, _ in value):
        return frozenset(chr(code).lower() for _, code in value)
    if element is _constants.SUBPATTERN:
        return _needs(value[3])
    if element is _constants.ASSERT and value[0] == 1:
        return _needs(value[1])
    if element in _REPEATS and value[0] > 0:
        return _needs(value[2])
    if element is _constants.BRANCH:
        found = [_needs(tree) for tree in value[1]]
        return frozenset().union(*found) if all(map(_worth, found)) else frozenset()
    return frozenset()


def _worth(needs: _Needs) -> int:
    """How telling the pieces are: as long as the shortest; a mark is as good as a word; 0 if they are too many."""
    if not needs or len(needs) > _MOST_NEEDS:
        return 0
    return min(_SHORTEST_NEED if not n.isascii() or n in _MARKS else len(n) * (len(n) >= _SHORTEST_NEED) for n in needs)
