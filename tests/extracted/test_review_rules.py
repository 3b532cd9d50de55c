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


@pytest.mark.parametrize(
    ("text", "sign", "threshold", "subject"),
    [
        ("Managers of mines under 60 percent of the plan are to be replaced.", "<", 60.0, "managers of mines"),
        ("Any mill that reaches less than 80 percent of its quota will lose its manager.", "<", 80.0, "Any mill"),
        ("Reach 75 percent of the plan or resign, factory heads were told.", "<", 75.0, None),
        ("Farms that deliver fewer than 5 tons a month lose their bonus.", "<", 5.0, "Farms"),
        ("Teams that exceed the plan by 10 percent are to be rewarded with rice.", ">", 10.0, "Teams"),
        ("Enterprises must fulfil at least 80 percent of the plan or their heads will be dismissed.", "<", 80.0,
         "Enterprises"),
        ("If output falls below 50 percent of the plan, rations will be cut.", "<", 50.0, None),
        ("The Cabinet set a threshold of 70 percent, below which managers are punished.", "<", 70.0, "managers"),
        ("Units with a fulfilment rate of 95 percent or more are commended.", ">=", 95.0, "Units"),
        ("Managers will be dismissed unless they reach 85 percent of the plan.", "<", 85.0, "Managers"),
        ("Heads of bureaus who miss the 70 percent mark are to be removed.", "<", 70.0, "Heads of bureaus"),
    ],
)  # fmt: skip
def test_forms_of_a_rule(text: str, sign: str, threshold: float, subject: str | None) -> None:
    (row,) = extract(document(HOME + text), REFERENCE, {})
    assert (row["comparator"], row["threshold"]) == (sign, threshold)
    assert (row["subject"] or "").lower() == (subject or "").lower()


def test_who_tells_of_the_rule_is_not_its_consequence_but_imposes_it() -> None:
    full = HOME + "Managers below 70 percent of plan will be demoted, the Anak Committee warned."
    names = [mention(full, "Anak Committee", "organization", "anak_committee")]
    (row,) = extract(document(full), REFERENCE, {"entity_mentions": names})
    assert (row["consequence"], row["imposed_by_id"]) == ("demoted", "anak_committee")


@pytest.mark.parametrize(
    "text",
    [
        "More than 80 percent of the managers of the mine will be rewarded.",
        "The plan was carried out at less than 90 percent, and the minister resigned.",
        "More than 70 percent of the old houses are to be replaced.",
        "Workers said that more than 500 tons of coal will be sent to the mill.",
        "The mill overfulfilled its plan by more than 20 percent and was awarded a flag.",
        "Output could fall below 50 percent, which would mean that machines must be replaced.",
    ],
)
def test_amounts_and_things_past_are_no_rule(text: str) -> None:
    assert extract(document(HOME + text), REFERENCE, {}) == []
