"""Assessments: kind, assessor and cause; praise of leaders, mourning and foreign affairs are none."""

from __future__ import annotations

import pytest

from assets.extracted.assessments import extract
from assets.extracted.document import Row
from tests.extracted.test_frames import REFERENCE, document, mention

HOME = "The county committee of the DPRK met on the economy. "


def assessments(text: str, outlet: str = "kcna", **found: list[Row]) -> list[Row]:
    """The assessments read in `text`, in order."""
    return sorted(extract(document(HOME + text, outlet=outlet), REFERENCE, found), key=lambda r: r["start_char"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("He admitted that the plan for housing has failed.", "admission_of_failure"),
        ("Not a single factory is up to standard.", "admission_of_failure"),
        ("He lamented a lack of coal.", "admission_of_failure"),
        ("Some of the output had existed on paper only.", "admission_of_failure"),
        ("No real progress was made in housing.", "admission_of_failure"),
        ("The premier sharply criticized the managers of the mine.", "criticism"),
        ("He pointed to the passive attitude of officials at the mill.", "criticism"),
        ("The session discussed flaws in carrying out the plan.", "criticism"),
        ("He highly praised the builders of the dam.", "praise"),
        ("The ministry warned the managers of late farms.", "warning"),
        ("Grain output is expected to grow next year.", "forecast"),
        ("There is a good prospect for increasing potato output.", "forecast"),
        ("It is unlikely that the mill pays.", "doubt"),
        ("The output of the mill cannot be verified.", "doubt"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert [r["kind"] for r in assessments(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "He admitted two guests to the mill.",
        "This is not just empty words, he said.",
        "The envoy praised the great leadership of Kim Jong Il.",
        "All servicepersons lamented his death.",
        "State budgetary revenue is expected to grow 4 percent.",
        "The Japanese premier criticized the plan of his ministry for roads.",
        "Will the mill pay, or is it doubtful?",
    ],
)
def test_no_assessment(text: str) -> None:
    assert assessments(text) == []


def test_the_subject_of_the_verb_judges() -> None:
    text = "Pak Thae Song criticized the managers of the mine because of late deliveries."
    people = [mention(HOME + text, "Pak Thae Song", "person", "pak_thae_song")]
    (row,) = assessments(text, entity_mentions=people)
    assert row["assessor_id"] == "pak_thae_song"
    assert row["cause"] == "late deliveries"
    assert row["subject"] == "managers of the mine"


def test_a_doubt_in_the_outlets_own_voice_is_the_outlets() -> None:
    (row,) = assessments("It is unclear how much the mill makes.", outlet="38_north")
    assert row["assessor_id"] == "38_north"


def test_a_criticism_that_nobody_is_said_to_have_has_no_assessor() -> None:
    (row,) = assessments("It is a poor way to spend steel.", outlet="38_north")
    assert row["assessor_id"] is None
