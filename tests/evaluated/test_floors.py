"""Floors are only ever raised."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.evaluated.counts import Counts
from assets.evaluated.evaluation import Evaluation
from assets.evaluated.floors import Floors, FloorsError, broken, load_floors, raised, repinned, write_floors
from assets.evaluated.scoring import Remark, Scored

FLOORS = Floors("aa", 1, {"dates": 0.8, "removed_spans": 0.5}, {"dates": 0.6})


def reached(right: int, wrong: int, missed: int, *, forbidden: int = 0, sha256: str = "aa") -> Evaluation:
    """An evaluation with these counts of dates and of removed characters."""
    counts = Counts(right, wrong, missed)
    remarks = (Remark("d", "dates", "forbidden", "x", {}),) * forbidden
    scored = Scored("d", "dates", True, counts, counts, {}, (), (), remarks, forbidden)
    return Evaluation("sample", sha256, ("d",), (scored,), counts)


def test_floors_that_hold_say_nothing() -> None:
    assert broken(FLOORS, reached(8, 2, 2, forbidden=1)) == []


def test_every_broken_floor_is_said() -> None:
    assert broken(FLOORS, reached(2, 5, 5, forbidden=2)) == [
        "F1 of dates is 0.28, below its floor of 0.80",
        "F1 of removed_spans is 0.28, below its floor of 0.50",
        "strict F1 of dates is 0.28, below its floor of 0.60",
        "2 rows are forbidden by the gold set, at most 1 may be",
    ]


def test_a_record_type_gold_no_longer_has_breaks_its_floor() -> None:
    assert broken(replace(FLOORS, f1={"events": 0.1}, strict_f1={}), reached(9, 0, 0))


def test_a_changed_gold_set_is_said_in_one_sentence() -> None:
    [sentence] = broken(FLOORS, reached(9, 0, 0, sha256="bb"))
    assert "has changed" in sentence and "--repin-floors" in sentence
    with pytest.raises(FloorsError, match="has changed"):
        raised(FLOORS, reached(9, 0, 0, sha256="bb"))


def test_what_got_better_is_raised_and_the_rest_stays() -> None:
    assert raised(FLOORS, reached(7, 3, 3)) == Floors("aa", 0, {"dates": 0.8, "removed_spans": 0.7}, {"dates": 0.7})


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 3))
def test_raising_never_lowers(right: int, wrong: int, missed: int, forbidden: int) -> None:
    floors = raised(FLOORS, reached(right, wrong, missed, forbidden=forbidden))
    assert all(floors.f1[t] >= v for t, v in FLOORS.f1.items())
    assert all(floors.strict_f1[t] >= v for t, v in FLOORS.strict_f1.items())
    assert floors.most_forbidden <= FLOORS.most_forbidden
    fresh = raised(None, reached(right, wrong, missed, forbidden=forbidden))
    assert broken(fresh, reached(right, wrong, missed, forbidden=forbidden)) == []


def test_pinning_anew_needs_another_gold_set_and_a_reason() -> None:
    with pytest.raises(FloorsError, match="can only be raised"):
        repinned(FLOORS, reached(1, 9, 9), "because")
    with pytest.raises(FloorsError, match="reason"):
        repinned(FLOORS, reached(1, 9, 9, sha256="bb"), "  ")
    anew = repinned(FLOORS, reached(1, 1, 1, sha256="bb"), "more\ndocuments")
    assert anew == Floors("bb", 0, {"dates": 0.5, "removed_spans": 0.5}, {"dates": 0.5}, "more documents")


def test_floors_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    assert load_floors(path) == {}
    floors = {"sample": FLOORS, "corpus/gold": replace(FLOORS, repinned='said "so"')}
    write_floors(path, floors)
    assert load_floors(path) == floors


@pytest.mark.parametrize(
    "content",
    [
        "sample = 1",
        "[sample]\nmost_forbidden = 0",
        '[sample]\ngold_sha256 = "a"\nmost_forbidden = "0"',
        '[sample]\ngold_sha256 = "a"\nmost_forbidden = 0\nf1 = {numbers = 0.5}',
        '[sample]\ngold_sha256 = "a"\nmost_forbidden = 0\nf1 = {dates = 1.5}',
        "[sample",
    ],
)
def test_a_file_that_is_none_of_floors_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(content)
    with pytest.raises(FloorsError, match=r"floors\.toml is not a file of floors"):
        load_floors(path)
