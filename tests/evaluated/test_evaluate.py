"""`planledger evaluate`: gold documents through the real stages, scores, floors and exit codes."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from assets.evaluated.floors import FloorsError, load_floors, write_floors
from assets.published.selection import published_query
from assets.raw.sniffing import is_html_document
from orchestration.cli.evaluate import evaluate
from orchestration.evaluation import FLOORS, SAMPLE_GOLD, evaluate_gold, gold_set, raw_document
from orchestration.stages import EXTRACTED
from warehouse.reference import load_reference
from warehouse.schema import table

ARTICLE = (
    "The Ministry of Metal Industry fulfilled its rolled steel plan for the first quarter at 104 percent. "
    "Songchon County opened three regional-industry factories on May 9."
)
PAGE = (
    "<!DOCTYPE html><html><head><title>Steel plan</title></head><body><nav><a href='/'>Home</a></nav>"
    f"<article><h1>Steel plan</h1><p>{ARTICLE}</p></article></body></html>"
)


REFERENCE = load_reference()


@pytest.fixture(autouse=True)
def reference_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # The package's attribute of the module's name is the command in it.
    monkeypatch.setattr(sys.modules["orchestration.cli.evaluate"], "load_reference", lambda: REFERENCE)


def annotated(name: str, text: str, source: str, **more: Any) -> dict[str, Any]:
    start = text.index("104 percent")
    quantity = {"start": start, "end": start + 11, "evidence": "104 percent", "value": 104, "unit_id": "percent",
                "role": "ratio", "direction": "none", "approximation": "exact"}  # fmt: skip
    document = {"title": "Steel plan", "outlet": "Sample State Wire", "published_on": "2024-05-10",
                "url": f"https://state-wire.example/{name}"}  # fmt: skip
    return {
        "name": name,
        "source": source,
        "text": text,
        "document": document,
        "records": {"quantities": [quantity]},
        "exhaustive": ["dates"],
        **more,
    }


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "own" / "gold"
    folder.mkdir(parents=True)
    may = ARTICLE.index("May 9")
    day = {"start": may, "end": may + 5, "start_date": "2024-05-09", "end_date": "2024-05-09", "granularity": "day"}
    plain = annotated("plain", ARTICLE, "plain.txt", exhaustive=["quantities", "dates"])
    plain["records"]["dates"] = [day]
    for found in (plain, annotated("page", PAGE, "page.html")):
        (folder / f"{found['name']}.json").write_text(json.dumps(found), encoding="utf-8")
    return folder


def invoked(*arguments: object) -> Result:
    return CliRunner().invoke(evaluate, [str(a) for a in arguments])


def test_documents_go_through_the_real_stages(gold: Path) -> None:
    found = evaluate_gold(gold_set(gold), REFERENCE)
    assert not found.failed and found.name == "own/gold"
    assert found.types["quantities"].lenient.right == 1
    assert found.types["quantities"].elsewhere == (1, 0, 0)  # in the page, where the words stand between tags
    assert any(m.document == "plain" for m in found.misses) is (found.types["dates"].lenient.missed > 0)


def test_a_document_enters_as_its_source_would_have_delivered_it(gold: Path) -> None:
    page, plain = (raw_document(d) for d in gold_set(gold).documents)
    assert page["media_type"] == "text/html" and plain["media_type"] == "text/plain"
    assert plain["content"] == ARTICLE and plain["source_published_at"] == "2024-05-10"
    assert is_html_document(page["content"])


def test_a_document_that_cannot_be_processed_is_named(gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("out of order")

    monkeypatch.setattr("assets.extracted.stage.extract", broken)
    found = evaluate_gold(gold_set(gold), REFERENCE)
    assert set(found.failed) == {"page", "plain"} and found.types["quantities"].lenient.right == 0
    assert "not processed: plain: RuntimeError: out of order" in invoked("--gold", gold).output


def test_scores_are_printed_for_people_and_machines(gold: Path) -> None:
    text = invoked("--gold", gold, "--per-rule", "--fold", 2)
    assert text.exit_code == 0, text.output
    for said in ("own/gold: 2 documents", "quantities", "rules that fire on one gold document only", "no floors"):
        assert said in text.output
    found = json.loads(invoked("--gold", gold, "--gold", gold, "--json", "--fold", 2).output)
    assert found["gold_sets"][0]["tables"]["quantities"]["lenient"]["tp"] == 1
    assert found["together"]["tables"]["quantities"]["lenient"]["tp"] == 2
    assert found["together"]["rules"] and len(found["together"]["folds"]) == 2


def test_a_broken_floor_ends_with_1_and_raising_never_lowers(gold: Path, tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    assert invoked("--gold", gold, "--floors", path, "--raise-floors").exit_code == 0
    assert "floors hold: own/gold" in invoked("--gold", gold, "--floors", path).output
    pinned = load_floors(path)["own/gold"]
    write_floors(path, {"own/gold": replace(pinned, f1={"events": 0.4, "quantities": 0.1})})
    low = invoked("--gold", gold, "--floors", path)
    assert low.exit_code == 1 and "F1 of events is 0.00, below its floor of 0.40" in low.output
    assert invoked("--gold", gold, "--floors", path, "--raise-floors").exit_code == 1
    assert load_floors(path)["own/gold"].f1 == {**pinned.f1, "events": 0.4}


def test_a_changed_gold_set_fails_until_it_is_pinned_anew(gold: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    invoked("--gold", gold, "--floors", floors, "--raise-floors")
    assert invoked("--gold", gold, "--floors", floors, "--repin-floors", "no need").exit_code == 2
    (gold / "page.json").unlink()
    changed = invoked("--gold", gold, "--floors", floors)
    assert changed.exit_code == 1 and "has changed since its floors were pinned" in changed.output
    assert isinstance(invoked("--gold", gold, "--floors", floors, "--raise-floors").exception, FloorsError)
    assert invoked("--gold", gold, "--floors", floors, "--repin-floors", "one document less").exit_code == 0
    assert 'repinned = "one document less"' in floors.read_text()


def test_scores_go_into_the_data_folder_once(gold: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert invoked("--gold", gold, "--data", tmp_path / "data").exit_code == 0
    with duckdb.connect(str(tmp_path / "data" / "warehouse.duckdb")) as con:
        count = "SELECT count(*), count(DISTINCT (gold_sha256, record_type, rule)) FROM ops.extraction_scores"
        [(rows, keys)] = con.execute(count).fetchall()
        assert rows == keys > 12
        assert con.execute(f"SELECT count(*) FROM ({published_query(table('ops.extraction_scores'))})").fetchall() == [
            (0,)
        ]
        con.execute(
            "INSERT INTO ops.processed SELECT ?, 'd', fingerprint FROM ops.extraction_scores LIMIT 1", [EXTRACTED.name]
        )
        shown = con.execute(f"SELECT count(*) FROM ({published_query(table('ops.extraction_scores'))})").fetchall()
        assert shown == [(rows,)]


def test_the_bundled_gold_is_above_its_floors() -> None:
    found = invoked("--json")
    broken = json.loads(found.output)["floors_broken"]
    assert broken == [] and found.exit_code == 0
    assert FLOORS.is_file() and SAMPLE_GOLD.is_dir()
