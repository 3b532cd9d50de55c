"""Review rules: threshold, comparator, whom it is for and what follows; never a result or a target."""

from __future__ import annotations

import pytest

from assets.extracted import results, targets
from assets.extracted.review_rules import comparator, extract
from tests.extracted.test_frames import REFERENCE, document, mention, quantity

HOME = "The Cabinet met. "
TEXT = (
    "The Anak Committee warned the heads of farms that reached less than 80 percent of the planned harvest to prepare"
    " to step down if they fall short again."
)


def test_threshold_with_consequence() -> None:
    full = HOME + TEXT
    found = {
        "entity_mentions": [mention(full, "Anak Committee", "organization", "anak_committee")],
        "quantities": [quantity(full, "less than 80 percent", 80.0, "percent")],
    }
    (row,) = extract(document(full), REFERENCE, found)
    assert (row["comparator"], row["threshold"], row["unit_id"]) == ("<", 80.0, "percent")
    assert row["measure"] == "share of the planned harvest"
    assert row["subject"] == "heads of farms"
    assert row["consequence"] == "step down if they fall short again"
    assert row["imposed_by_id"] == "anak_committee"


def test_it_is_neither_result_nor_target() -> None:
    doc = document(HOME + TEXT)
    assert results.extract(doc, REFERENCE, {}) == []
    assert targets.extract(doc, REFERENCE, {}) == []


def test_consequence_first() -> None:
    text = HOME + "Managers will be dismissed if output stays below 75 percent of plan."
    (row,) = extract(document(text), REFERENCE, {})
    assert (row["comparator"], row["threshold"], row["unit_id"]) == ("<", 75.0, "percent")
    assert row["imposed_by_id"] is None


@pytest.mark.parametrize(
    ("words", "sign"),
    [("less than", "<"), ("below", "<"), ("failed to reach", "<"), ("not reach", "<"), ("more than", ">"),
     ("at least", ">="), ("not exceed", "<=")],
)  # fmt: skip
def test_comparator(words: str, sign: str) -> None:
    assert comparator(words) == sign


@pytest.mark.parametrize(
    "text",
    [
        "The mine reached less than 80 percent of its plan.",
        "More than 80 percent of the managers were commended by Japan.",
    ],
)
def test_no_rule(text: str) -> None:
    assert extract(document(text), REFERENCE, {}) == []
