"""Which predicted row is which gold row: one to one, as many as can be, the closest spans first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assets.evaluated.gold import Span


def overlap(one: Span, other: Span) -> bool:
    """Do two spans share at least half of the shorter one?"""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and 2 * shared >= min(one[1] - one[0], other[1] - other[0])


def closeness(one: Span, other: Span) -> float:
    """Shared characters over all characters of two spans that lie next to each other; 0 if they share none."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / max(1, max(one[1], other[1]) - min(one[0], other[0]))


def matched(gold: Sequence[Span], predicted: Sequence[Span], agree: Callable[[int, int], bool]) -> dict[int, int]:
    """Numbers of gold rows with those of the predicted rows they are found in: a maximum matching.

    `agree` says of two numbers whether the rows agree; it is asked only where the spans overlap.
    """
    candidates = [_candidates(g, n, predicted, agree) for n, g in enumerate(gold)]
    owner: dict[int, int] = {}
    for n in sorted(range(len(gold)), key=lambda n: len(candidates[n])):
        _place(n, candidates, owner, set())
    return {n: p for p, n in owner.items()}


def _candidates(gold: Span, n: int, predicted: Sequence[Span], agree: Callable[[int, int], bool]) -> list[int]:
    fitting = [p for p, span in enumerate(predicted) if overlap(gold, span) and agree(n, p)]
    return sorted(fitting, key=lambda p: -closeness(gold, predicted[p]))


def _place(n: int, candidates: Sequence[Sequence[int]], owner: dict[int, int], seen: set[int]) -> bool:
    """Give gold row `n` a predicted row, moving others to another one of theirs where that makes room."""
    for p in candidates[n]:
        if p in seen:
            continue
        seen.add(p)
        if p not in owner or _place(owner[p], candidates, owner, seen):
            owner[p] = n
            return True
    return False
