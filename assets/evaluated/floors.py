"""Floors: the agreement with a gold set that extraction must not fall below. They are only ever raised."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from assets.evaluated.evaluation import Evaluation
from assets.evaluated.gold import RECORD_TYPES, REMOVED_SPANS

_HEAD: Final = """\
# Agreement with gold annotations that cleaning and extraction must not fall below, per record type: f1 in the core
# columns, strict_f1 in the further ones too; at most so many rows that the gold set forbids. `planledger evaluate
# --raise-floors` raises what has become better; nothing lowers a floor. The floors hold for the gold set with this
# sha256: for a changed one they are pinned anew with a reason (`--repin-floors`).
"""
_STEPS: Final = 100
"""Floors are pinned in steps of a hundredth, rounded down."""


class FloorsError(ValueError):
    """Floors cannot be read, or would be lowered."""


@dataclass(frozen=True)
class Floors:
    """The floors for one gold set: its sha256, F1 per record type, and the most forbidden rows.

    `repinned` says why they were pinned anew, if they ever were.
    """

    gold_sha256: str
    most_forbidden: int
    f1: Mapping[str, float] = field(default_factory=dict)
    strict_f1: Mapping[str, float] = field(default_factory=dict)
    repinned: str | None = None


def load_floors(path: Path) -> dict[str, Floors]:
    """Floors by name of the gold set; none if there is no such file. Raises FloorsError naming what does not fit."""
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _floors(entry) for name, entry in found.items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise FloorsError(f"{path} is not a file of floors: {error}") from None


def _floors(entry: Mapping[str, object]) -> Floors:
    parts = {}
    for part in ("f1", "strict_f1"):
        values = entry.get(part, {})
        if not isinstance(values, Mapping) or not set(values) <= {*RECORD_TYPES, REMOVED_SPANS}:
            raise FloorsError(f"{part} names a record type there is not")
        if not all(isinstance(v, int | float) and 0 <= v <= 1 for v in values.values()):
            raise FloorsError(f"{part} holds a number that is not between 0 and 1")
        parts[part] = {str(k): float(v) for k, v in values.items()}
    sha256, most, why = entry["gold_sha256"], entry["most_forbidden"], entry.get("repinned")
    if not isinstance(sha256, str) or not isinstance(most, int) or not isinstance(why, str | None):
        raise FloorsError("gold_sha256, most_forbidden or repinned is of another type")
    return Floors(sha256, most, parts["f1"], parts["strict_f1"], why)


def write_floors(path: Path, floors: Mapping[str, Floors]) -> None:
    """Write floors by name of the gold set."""
    path.write_text(_HEAD + "".join(_section(name, floors[name]) for name in sorted(floors)), encoding="utf-8")


def _section(name: str, floors: Floors) -> str:
    key = json.dumps(name, ensure_ascii=False)
    lines = [f"\n[{key}]", f"gold_sha256 = {json.dumps(floors.gold_sha256)}"]
    if floors.repinned is not None:
        lines.append(f"repinned = {json.dumps(floors.repinned, ensure_ascii=False)}")
    lines.append(f"most_forbidden = {floors.most_forbidden}")
    for part, values in (("f1", floors.f1), ("strict_f1", floors.strict_f1)):
        lines += [f"\n[{key}.{part}]", *(f"{t} = {values[t]:.2f}" for t in sorted(values))]
    return "\n".join(lines) + "\n"


def broken(floors: Floors, evaluation: Evaluation) -> list[str]:
    """A sentence for every floor the evaluation breaks; one only if the gold set is another than they are for."""
    if floors.gold_sha256 != evaluation.sha256:
        return [
            f"the gold set {evaluation.name} has changed since its floors were pinned "
            f"(sha256 {evaluation.sha256[:12]}, pinned {floors.gold_sha256[:12]}); pin them anew with "
            '--repin-floors "why"'
        ]
    reached = _reached(evaluation)
    return [*_below(floors.f1, reached.f1, "F1"), *_below(floors.strict_f1, reached.strict_f1, "strict F1"),
            *_above(floors, reached)]  # fmt: skip


def _below(floors: Mapping[str, float], reached: Mapping[str, float], what: str) -> Iterator[str]:
    for record_type, floor in floors.items():
        now = reached.get(record_type, 0.0)
        if now < floor:
            yield f"{what} of {record_type} is {now:.2f}, below its floor of {floor:.2f}"


def _above(floors: Floors, reached: Floors) -> Iterator[str]:
    if reached.most_forbidden > floors.most_forbidden:
        yield f"{reached.most_forbidden} rows are forbidden by the gold set, at most {floors.most_forbidden} may be"


def raised(floors: Floors | None, evaluation: Evaluation) -> Floors:
    """The floors, each raised to what is reached now where that is higher; without floors, those reached.

    Raises FloorsError if the gold set is another than the floors are for.
    """
    reached = _reached(evaluation)
    if floors is None:
        return reached
    if floors.gold_sha256 != evaluation.sha256:
        raise FloorsError(broken(floors, evaluation)[0])
    return replace(
        floors,
        most_forbidden=min(floors.most_forbidden, reached.most_forbidden),
        f1=_higher(floors.f1, reached.f1),
        strict_f1=_higher(floors.strict_f1, reached.strict_f1),
    )


def repinned(floors: Floors, evaluation: Evaluation, reason: str) -> Floors:
    """Floors for a changed gold set, at what is reached now. Raises FloorsError if the set is the one they are for."""
    if floors.gold_sha256 == evaluation.sha256:
        raise FloorsError(
            f"the gold set {evaluation.name} is the one its floors are pinned for: they can only be raised"
        )
    if not reason.strip():
        raise FloorsError("floors are pinned anew only with a reason")
    return replace(_reached(evaluation), repinned=" ".join(reason.split()))


def _higher(floors: Mapping[str, float], reached: Mapping[str, float]) -> dict[str, float]:
    return {t: max(floors.get(t, 0.0), reached.get(t, 0.0)) for t in {**floors, **reached}}


def _reached(evaluation: Evaluation) -> Floors:
    scored = {t: s for t, s in evaluation.types.items() if s.lenient.n}
    f1 = {t: _down(s.lenient.f1) for t, s in scored.items()}
    if evaluation.removed_spans.n:
        f1[REMOVED_SPANS] = _down(evaluation.removed_spans.f1)
    strict = {t: _down(s.strict.f1) for t, s in scored.items()}
    return Floors(evaluation.sha256, len(evaluation.forbidden), f1, strict)


def _down(f1: float | None) -> float:
    # 0.29 * 100 is 28.999…: rounded first, so that a figure printed as .29 gives the floor .29.
    return math.floor(round((f1 or 0.0) * _STEPS, 6)) / _STEPS
