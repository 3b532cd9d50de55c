"""When two numbers with units say the same."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from assets.evaluated.names import equivalents, even, spoken
from warehouse.reference import Reference

Reading = tuple[str, float]
"""What a unit measures, and its factor to the unit that is measured in."""

_PREFIX: Final = re.compile(r"^[a-z]+:")
_RATE: Final = re.compile(r"\s*(?:per|/)\s*(?:year|annum|day|month)s?$")
_WORD: Final = re.compile(r"[a-z]+")
_COUNT: Final[Reading] = ("", 1.0)
_STEM: Final = 6
"""Characters of a counted noun that are enough to find it again in a phrase, whatever its ending."""
_TOLERANCE: Final = 1e-6


def number(value: object) -> float | None:
    """The value as a number; None if it is none."""
    try:
        found = float(value)  # type: ignore[arg-type]  # what cannot be converted raises
    except (TypeError, ValueError):
        return None
    return None if math.isnan(found) else found


def close(one: float | None, other: float | None) -> bool:
    """Are both known and, but for rounding of floating point, equal?"""
    return one is not None and other is not None and abs(one - other) <= _TOLERANCE * max(1, abs(one), abs(other))


def singulars(word: str) -> set[str]:
    """The word, and what it may be the plural of."""
    found = {word}
    if word.endswith("s") and not word.endswith("ss"):
        found.add(word[:-1])
        if word.endswith("es"):
            found.add(word[:-2])
        if word.endswith("ies"):
            found.add(word[:-3] + "y")
    return found


class Units:
    """What units measure: those of equivalents.toml, with the names the reference data gives its units."""

    def __init__(self, reference: Reference) -> None:
        self._known: dict[str, Reading] = {
            name: (group["measures"], float(group["factor"]))
            for group in equivalents()["unit"]
            for name in group["names"]
        }
        self._counts = {"", *equivalents()["counts"]["words"]}
        self._other_names: dict[str, list[str]] = {
            row["unit_id"]: [n for n in (row["name"], row["symbol"], *(row["aliases"] or ())) if n]
            for row in reference.rows("units")
        }
        self._cached = lru_cache(maxsize=4096)(self._readings)

    def readings(self, unit: str | None) -> frozenset[Reading]:
        """What the unit may measure; a unit that is not known measures itself, NULL a mere count."""
        return self._cached(unit)

    def _readings(self, unit: str | None) -> frozenset[Reading]:
        if unit is None:
            return frozenset({_COUNT})
        names = (unit, *self._other_names.get(unit, ()))
        return frozenset(reading for name in names for reading in self._of_name(name))

    def _of_name(self, name: str) -> Iterable[Reading]:
        word = _RATE.sub("", _PREFIX.sub("", even(name).replace("_", " ").strip()))
        forms = singulars(word)
        for form in forms:
            if form in self._known and (form == word or word not in self._known):
                yield self._known[form]
            if form in self._counts or form not in self._known:
                yield form, 1.0
        if " " in word and not forms & self._known.keys():
            yield from ((form, 1.0) for form in singulars(word.split()[-1]))

    def _is_count(self, readings: Iterable[Reading]) -> bool:
        return all(measures in self._counts for measures, _ in readings)

    def agree(self, gold: Mapping[str, Any], row: Mapping[str, Any], *, strict: bool = False) -> bool:
        """Do a gold row and a predicted row give the same amount (`value` with `unit_id` or `currency`)?

        Units of one kind are converted. Unless `strict`, a bare count agrees with a count of something if the
        predicted row names the something in `measure` or its evidence.
        """
        expected, found = number(gold.get("value")), number(row.get("value"))
        if expected is None or found is None:
            return expected is None and found is None
        wanted, given = self.readings(_unit(gold)), self.readings(_unit(row))
        if row.get("currency") and row.get("unit_id"):
            given |= self.readings(row["currency"])
        if any(w == g and close(expected * wf, found * gf) for w, wf in wanted for g, gf in given):
            return True
        if not close(expected, found):
            return False
        if self._is_count(given) and not strict:
            return self._is_count(wanted) or self._names_one_of(row, wanted)
        return self._is_count(wanted) and (not strict or self._is_count(given))

    def _names_one_of(self, row: Mapping[str, Any], wanted: Iterable[Reading]) -> bool:
        phrase = f"{row.get('measure') or ''} {row.get('evidence') or ''}"
        run_together = spoken(phrase)
        named = {measures for word in _WORD.findall(even(phrase)) for measures, _ in self.readings(word)}
        return any(w in named or spoken(w)[:_STEM] in run_together for w, _ in wanted if w)

    def same_kind(self, one: str | None, other: str | None) -> bool:
        """Can both units measure the same thing?"""
        return bool({m for m, _ in self.readings(one)} & {m for m, _ in self.readings(other)})


def _unit(row: Mapping[str, Any]) -> str | None:
    return row.get("unit_id") or row.get("currency") or None
