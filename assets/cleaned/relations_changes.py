"""Which characters differ between two versions of a text.

Words and marks are compared, anchored on word triples that occur once in each version; only what lies between
two anchors is handed to difflib, so a long page with scattered edits costs no more than its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_LARGEST_GAP: Final = 4_000_000
_PLAIN_MARKS: Final = str.maketrans("‘’‚‛“”„‟–—‐‑", "''''\"\"\"\"----")


_Block = tuple[int, int, int, int]
"""A range of tokens in both versions: earlier start and end, later start and end."""


class Change(NamedTuple):
    """A passage that differs: code point offsets in both versions; an empty span marks where it is missing."""

    earlier_start: int
    earlier_end: int
    later_start: int
    later_end: int


def changed_spans(earlier: str, later: str) -> list[Change]:
    """The passages that differ, in order; white space and the shape of quotation marks and dashes do not count. No
    change gives an empty list."""
    # One character for one, so that offsets in the plain text are offsets in the text.
    a, b = (list(_TOKEN.finditer(text.translate(_PLAIN_MARKS))) for text in (earlier, later))
    blocks = _changed_blocks([m[0] for m in a], [m[0] for m in b])
    return [Change(*_offsets(a, i1, i2, len(earlier)), *_offsets(b, j1, j2, len(later))) for i1, i2, j1, j2 in blocks]


def _offsets(tokens: Sequence[re.Match[str]], start: int, end: int, length: int) -> tuple[int, int]:
    if start < end:
        return tokens[start].start(), tokens[end - 1].end()
    at = tokens[start].start() if start < len(tokens) else tokens[-1].end() if tokens else length
    return at, at


def _changed_blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[_Block]:
    """The blocks that differ, neighbours made one."""
    pending: _Block | None = None
    for i1, i2, j1, j2 in _raw_blocks(a, b):
        if pending and pending[1] == i1 and pending[3] == j1:
            pending = (pending[0], i2, pending[2], j2)
            continue
        if pending:
            yield pending
        pending = (i1, i2, j1, j2)
    if pending:
        yield pending


def _raw_blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[_Block]:
    i, j = 0, 0
    for next_i, next_j in [*_anchors(a, b), (len(a), len(b))]:
        yield from _between(a, b, i, next_i, j, next_j)
        i, j = next_i, next_j


def _between(a: Sequence[str], b: Sequence[str], i: int, i_end: int, j: int, j_end: int) -> Iterator[_Block]:
    while i < i_end and j < j_end and a[i] == b[j]:
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and a[i_end - 1] == b[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
    if i == i_end and j == j_end:
        return
    if i == i_end or j == j_end or (i_end - i) * (j_end - j) > _LARGEST_GAP:
        yield i, i_end, j, j_end
        return
    matcher = SequenceMatcher(None, a[i:i_end], b[j:j_end], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield i + i1, i + i2, j + j1, j + j2


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of word triples that occur once in each text, as many as stand in the same order in both."""
    places_a, places_b = _unique_triples(a), _unique_triples(b)
    common = sorted((place, places_b[triple]) for triple, place in places_a.items() if triple in places_b)
    return _longest_increasing(common)


def _unique_triples(words: Sequence[str]) -> dict[tuple[str, str, str], int]:
    triples = list(zip(words, words[1:], words[2:], strict=False))
    counts = Counter(triples)
    return {triple: place for place, triple in enumerate(triples) if counts[triple] == 1}


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs (sorted by the first number) whose second numbers increase."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        rank = bisect_left(tails, second)
        before.append(tail_at[rank - 1] if rank else -1)
        tails[rank : rank + 1], tail_at[rank : rank + 1] = [second], [at]
    chain, at = [], tail_at[-1] if tail_at else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]
