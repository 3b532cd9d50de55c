"""Right, wrong and missed, and the shares made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Counts(NamedTuple):
    """Rows (or characters) that are right, wrong (predicted, not in gold) and missed (in gold, not predicted)."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def n(self) -> int:
        """What is to be found."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        """Share of what was predicted that is right; None if nothing was predicted."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """Share of what is to be found that was found; None if there is nothing."""
        return _share(self.right, self.n)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None if nothing was predicted and nothing is to be found."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)

    def as_dict(self) -> dict[str, float | int | None]:
        """The counts and shares for machines, under their usual names."""
        return {
            "tp": self.right,
            "fp": self.wrong,
            "fn": self.missed,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "n": self.n,
        }


def total(counts: Iterable[Counts]) -> Counts:
    """The sum."""
    summed = [0, 0, 0]
    for one in counts:
        summed = [a + b for a, b in zip(summed, one, strict=True)]
    return Counts(*summed)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
