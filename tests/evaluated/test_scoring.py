"""Right, wrong, missed, open and forbidden rows of hand-made documents, with the figures worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assets.evaluated.agreement import Judge
from assets.evaluated.counts import Counts, total
from assets.evaluated.evaluation import Evaluation, evaluate, score_rows, together
from assets.evaluated.gold import GoldError, GoldSet, load_gold
from assets.evaluated.scoring import Prediction
from warehouse.reference import load_reference
from warehouse.schema.arrow import batch_of

JUDGE = Judge(load_reference())
TEXT = (
    "Share this page\n"
    "The county opened two mills in May. It will open 30 shops by 2025, more than 5 tons of rice went there. "
    "About 18 days passed. “We grow,” said Ri. The mill rolled 90 percent of its plan."
)
Row = dict[str, Any]


def row(evidence: str, **columns: Any) -> Row:
    """A gold row on the words."""
    start = TEXT.index(evidence)
    return {"start": start, "end": start + len(evidence), "evidence": evidence, **columns}


def predicted(evidence: str, rule: str = "rule", **columns: Any) -> Row:
    """A predicted row on the words."""
    start = TEXT.index(evidence)
    return {"start_char": start, "end_char": start + len(evidence), "evidence": evidence, "rule": rule, **columns}


def amount(value: float, unit: str = "count", role: str = "count", **more: Any) -> Row:
    return {"value": value, "unit_id": unit, "role": role, "approximation": "exact", "direction": "none", **more}


GOLD = {
    "name": "mills",
    "source": "mills.txt",
    "text": TEXT,
    "document": {"title": "Mills", "published_on": "2024-06-01"},
    "removed_spans": [row("Share this page", kind="navigation"), row("days passed", kind="caption", optional=True)],
    "records": {
        "quantities": [
            row("two", **amount(2)),
            row("30 shops", **amount(30)),
            row("more than 5 tons", **amount(5, "tonne", "level")),
            row("90 percent", **amount(90, "percent", "ratio"), alternatives=[{"role": "share"}]),
            row("About 18", **amount(18), optional=True),
        ],
        "results": [row("The county opened two mills", outcome="opened")],
        "entity_mentions": [row("Ri", entity_kind="person", entity_id="ri"),
                            row("rice", entity_kind="policy", entity_id="rice")],
        "attributions": [row("said Ri", source_kind="official"), row("passed", source_kind="expert")],
    },
    "must_not_extract": [
        {"table": "quantities", **row("2025"), "why": "a year"},
        {"table": "quantities", **row("30 shops"), "why": "no share", "columns": {"role": "share"}},
        {"table": "results", **row("opened two mills"), "why": "not begun", "columns": {"outcome": "started"}},
        {"table": "results", **row("It will open 30 shops"), "why": "a plan"},
    ],
    "exhaustive": ["quantities", "results", "entity_mentions", "quotations", "removed_spans"],
    "exhaustive_entity_kinds": ["person"],
}  # fmt: skip

PREDICTED = {
    "quantities": [
        predicted("two mills", "digits", **amount(2)),  # right
        predicted("30", "digits", **amount(30, role="share")),  # right but for its role, and that is forbidden
        predicted("5 tons", "units", **amount(5, "kilogram", "level")),  # wrong unit: wrong and missed
        predicted("90 percent", "units", **amount(90, "percent", "share")),  # an alternative
        predicted("18", "digits", **amount(18, "day")),  # gold leaves it open
        predicted("2025", "digits", **amount(2025)),  # wrong and forbidden
        predicted("May", "ordinals", **amount(5, role="ordinal_excluded")),  # not compared
    ],
    "results": [
        predicted("county opened two mills", outcome="opened"),  # right
        predicted("open 30 shops", outcome="opened"),  # wrong and forbidden
    ],
    "quotations": [predicted("We grow", kind="indirect", quotation="We grow")],  # not compared
    "entity_mentions": [predicted("Ri", entity_kind="person", entity_id="ri"),
                        predicted("rice", entity_kind="sector", entity_id="grain")],
    "attributions": [predicted("said Ri", source_kind="official"), predicted("mills", source_kind="expert")],
}  # fmt: skip


def written(folder: Path, *documents: Row) -> GoldSet:
    """The documents as a gold set."""
    folder.mkdir(exist_ok=True)
    for d in documents:
        (folder / f"{d['name']}.json").write_text(json.dumps(d, ensure_ascii=False), encoding="utf-8")
    return load_gold(folder)


@pytest.fixture
def gold(tmp_path: Path) -> GoldSet:
    return written(tmp_path / "gold", GOLD)


def scored(gold: GoldSet, text: str = TEXT, records: Any = PREDICTED, shift: int = 0) -> Evaluation:
    moved = {
        t: [{**r, "start_char": r["start_char"] - shift, "end_char": r["end_char"] - shift} for r in rows]
        for t, rows in records.items()
    }
    return evaluate(gold, {"mills": Prediction(text, moved, [(0, 15), (16, 19), (130, 140)])}, JUDGE)


@pytest.mark.parametrize("shift", [0, len("Share this page\n")])
def test_the_figures_are_those_worked_out_by_hand(gold: GoldSet, shift: int) -> None:
    types = scored(gold, TEXT[shift:], shift=shift).types
    assert types["quantities"].lenient == Counts(3, 2, 1)
    assert types["quantities"].strict == Counts(2, 3, 2)
    assert types["results"].lenient == types["results"].strict == Counts(1, 1, 0)
    assert types["entity_mentions"].lenient == Counts(1, 0, 0)
    assert types["quotations"].lenient == Counts(0, 0, 0) and types["quotations"].lenient.f1 is None
    assert types["attributions"].lenient.n == 0
    assert types["attributions"].elsewhere == Counts(1, 0, 1)


def test_forbidden_rows_are_named(gold: GoldSet) -> None:
    found = scored(gold)
    assert found.forbidden_readings == 4
    assert {(r.record_type, r.evidence, r.why) for r in found.forbidden} == {
        ("quantities", "2025", "a year"),
        ("quantities", "30", "no share"),
        ("results", "open 30 shops", "a plan"),
    }


def test_what_went_wrong_is_named(gold: GoldSet) -> None:
    found = scored(gold)
    assert [(r.record_type, r.kind, r.evidence, r.instead) for r in found.misses] == [
        ("quantities", "wrong value", "more than 5 tons", {"value": 5, "unit_id": "kilogram", "role": "level"}),
        ("attributions", "not found", "passed", None),
    ]
    assert [(r.record_type, r.kind, r.rule) for r in found.false_positives] == [
        ("results", "spurious", "rule"),
        ("quantities", "wrong value", "units"),
        ("quantities", "spurious", "digits"),
    ]


def test_removed_spans_are_counted_in_characters(gold: GoldSet) -> None:
    optional = TEXT.index("days passed")
    assert scored(gold).removed_spans == Counts(13, 3, 0)  # "The" is wrong, what is optional is left out
    assert TEXT[16:19] == "The" and optional <= 130 < 140 <= optional + len("days passed")


def test_rules_are_told_apart(gold: GoldSet) -> None:
    rules = {(r.record_type, r.rule): r for r in scored(gold).rules}
    digits = rules["quantities", "digits"]
    assert (digits.right, digits.strictly_right, digits.wrong, digits.documents) == (2, 1, 1, ("mills",))
    assert digits.precision(digits.right) == 2 / 3 and digits.precision(digits.strictly_right) == 1 / 3
    assert rules["attributions", "rule"].precision(1) is None
    assert ("quantities", "ordinals") not in rules


def test_rows_for_the_database(gold: GoldSet) -> None:
    rows = list(score_rows(scored(gold)))
    assert batch_of("ops.extraction_scores", ({**r, "fingerprint": "f"} for r in rows)).num_rows == len(rows)
    by_key = {(r["record_type"], r["rule"]): r for r in rows}
    assert len(by_key) == len(rows)
    whole = by_key["quantities", "*"]
    assert (whole["precision"], whole["recall"], whole["n"], whole["forbidden"]) == (0.6, 0.75, 4, 2)
    assert by_key["quantities", "digits"]["recall"] == 0.5 and by_key["quantities", "digits"]["forbidden"] == 2
    anonymous = by_key["attributions", "*"]
    assert (anonymous["precision"], anonymous["recall"], anonymous["f1"]) == (None, 0.5, None)
    assert by_key["removed_spans", "*"]["n"] == 13


def test_sets_are_added_up_and_cut_into_parts(tmp_path: Path, gold: GoldSet) -> None:
    other = written(tmp_path / "other", {**GOLD, "name": "again"}, {**GOLD, "name": "third"})
    empty = evaluate(other, {}, JUDGE, {"third": "NameError"})
    both = together([scored(gold), empty])
    assert both.types["quantities"].lenient == Counts(3, 2, 9)
    assert both.failed == {"third": "NameError"} and len(both.documents) == 3
    folds = both.folds(4)
    assert sorted(n for f in folds for n in f.documents) == ["again", "mills", "third"]
    assert total(f.types["quantities"].lenient for f in folds) == both.types["quantities"].lenient
    assert {r.rule for r in both.lonely_rules} == {"digits", "units", "rule"}


def test_without_prediction_everything_is_missed(gold: GoldSet) -> None:
    counts = evaluate(gold, {}, JUDGE).types["quantities"].lenient
    assert counts == Counts(0, 0, 4) and counts.precision is None and counts.f1 == 0.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"records": {"quantities": [{"start": 0, "end": 5, "evidence": "wrong"}]}}, "not what the text holds"),
        ({"records": {"quantities": [{"start": 5, "end": 5}]}}, "no span"),
        ({"records": {"numbers": []}}, "no record type 'numbers'"),
        ({"must_not_extract": [{"table": "dates", "start": 0, "end": 9999}]}, "no span"),
        ({"text": None}, "name or text"),
    ],
)
def test_a_gold_file_that_contradicts_itself_is_refused(tmp_path: Path, change: Row, said: str) -> None:
    with pytest.raises(GoldError, match=said):
        written(tmp_path / "gold", {**GOLD, **change})


def test_a_folder_without_gold_and_a_name_used_twice_are_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}")
    with pytest.raises(GoldError, match="no gold annotations"):
        load_gold(tmp_path)
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(GoldError, match=r"broken\.json cannot be read"):
        load_gold(tmp_path)
    (tmp_path / "broken.json").unlink()
    written(tmp_path, GOLD)
    (tmp_path / "copy.json").write_text(json.dumps(GOLD))
    with pytest.raises(GoldError, match="'mills' twice"):
        load_gold(tmp_path)


def test_the_text_may_lie_beside_the_annotations(tmp_path: Path) -> None:
    (tmp_path / "mills.json").write_text(json.dumps({k: v for k, v in GOLD.items() if k != "text"}))
    (tmp_path / "mills.txt").write_text(TEXT, encoding="utf-8")
    [document] = load_gold(tmp_path).documents
    assert document.text == TEXT
