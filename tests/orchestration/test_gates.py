"""Each stage's data broken on purpose: nothing downstream runs, nothing changes, nothing is published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pytest

from assets.aggregated import queries
from assets.published.release import NotPublishableError
from assets.raw import readers
from assets.stage import Stage
from expectations.gate import GateFailedError
from orchestration import pipeline, reading, stages, whole
from orchestration.pipeline import aggregate_table, load_reference_tables, publish_release, run_stage
from warehouse.reference import Reference, load_reference
from warehouse.schema.arrow import batch_of

ORDER = ["reference", "raw", "cleaned", "extracted", "aggregated", "published"]
Break = Callable[[pytest.MonkeyPatch], None]


def with_stage(monkeypatch: pytest.MonkeyPatch, broken: Stage) -> None:
    """Put a stage in place of the one of its name."""
    chain = tuple(broken if s.name == broken.name else s for s in stages.STAGES)
    monkeypatch.setattr(whole, "STAGES", chain)
    monkeypatch.setattr(pipeline, "STAGES", chain)


def spoiled(name: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], stage: Stage) -> Stage:
    """The stage with the rows of one table changed."""

    def map_batch(batch: pa.RecordBatch, reference: Reference) -> Mapping[str, pa.RecordBatch]:
        outputs = dict(stage.map_batch(batch, reference))
        outputs[name] = batch_of(name, change(outputs[name].to_pylist()))
        return outputs

    return replace(stage, map_batch=map_batch)


def break_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    good = load_reference()
    units = pa.concat_tables([good.tables["units"], good.tables["units"].slice(0, 1)])
    bad = Reference("other", MappingProxyType({**good.tables, "units": units}))
    monkeypatch.setattr(pipeline, "load_reference", lambda: bad)


def break_raw(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_source(file: Any) -> Any:
        for batch, problems in readers.read_source(file):
            rows = [{**r, "sha256": "0" * 64} for r in batch.to_pylist()]
            yield batch_of("raw.documents", rows), problems

    monkeypatch.setattr(reading, "read_source", read_source)
    monkeypatch.setattr(reading, "reader_of", lambda file: "another reader")


def break_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    def shifted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**r, "start_char": r["start_char"] + 1, "end_char": r["end_char"] + 1} for r in rows]

    with_stage(monkeypatch, spoiled("cleaned.sentences", shifted, stages.CLEANED))


def break_extracted(monkeypatch: pytest.MonkeyPatch) -> None:
    def misquoted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**r, "evidence": r["evidence"][::-1] + "!"} for r in rows]

    with_stage(monkeypatch, spoiled("extracted.budget_lines", misquoted, stages.EXTRACTED))


def break_aggregated(monkeypatch: pytest.MonkeyPatch) -> None:
    good = queries.query("claims")
    monkeypatch.setattr(
        "assets.aggregated.queries.query",
        lambda name: f"SELECT * REPLACE (['nobody'] AS evidence_ids) FROM ({good})" if name == "claims" else "broken",
    )
    monkeypatch.setattr("assets.aggregated.queries.in_order", lambda: ("claims", "plan_ledger"))


BREAKS: dict[str, tuple[Break, str, str]] = {
    "reference": (break_reference, "reference.units", "unit_id is the key."),
    "raw": (break_raw, "raw.documents", "sha256 is that of content."),
    "cleaned": (break_cleaned, "cleaned.sentences", "A sentence is text[start_char:end_char] of its document."),
    "extracted": (break_extracted, "extracted.budget_lines", "evidence is text[start_char:end_char] of its document."),
    "aggregated": (break_aggregated, "aggregated.claims", "Every piece of evidence is an extracted row."),
}


def published_state(place: Any) -> dict[str, str]:
    """Digests of everything that readers see."""
    data = place.settings.data
    files = [data / "planledger.duckdb", *sorted(p for p in (data / "releases").rglob("*") if p.is_file())]
    return {p.relative_to(data).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.parametrize("stage", BREAKS)
def test_a_broken_stage_stops_there_and_the_next_good_run_mends_it(
    place: Any, steps: Any, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking, table, expectation = BREAKS[stage]
    tables, published = place.versions(), published_state(place)
    with monkeypatch.context() as patch:
        breaking(patch)
        with pytest.raises(GateFailedError) as failed:
            place.run(reporter=steps)

    assert table in str(failed.value) and expectation in str(failed.value)
    assert steps.labels == ORDER[: ORDER.index(stage) + 1], "nothing downstream ran"
    assert place.versions() == tables, "every table holds what it held"
    assert published_state(place) == published, "readers see what they saw"

    [(run_id, status)] = place.query("SELECT run_id, status FROM ops.runs WHERE status <> 'done'")
    assert status == "failed"
    [(success, count, keys)] = place.query(
        "SELECT success, unexpected_count, sample_keys FROM ops.gate_results "
        "WHERE run_id = ? AND table_name = ? AND expectation = ?",
        [run_id, table, expectation],
    )
    assert success is False and count > 0 and 0 < len(keys) <= 20
    quarantined = place.query(
        "SELECT row_key, run_id FROM ops.quarantine WHERE stage = ? AND reason = 'gate_failed' AND table_name = ? "
        "AND detail = ?",
        [stage, table, expectation],
    )
    assert {key for key, _ in quarantined} >= set(keys) and {r for _, r in quarantined} == {run_id}
    assert all(isinstance(json.loads(key), list) for key, _ in quarantined)

    with place.opened() as run, pytest.raises(NotPublishableError, match=table):
        publish_release(run)  # publishing alone has no way round either
    assert published_state(place) == published

    outcome = place.run()
    assert outcome.release is not None and not outcome.release.is_new
    assert place.versions() == tables and published_state(place) == published
    assert place.query("SELECT * FROM ops.quarantine WHERE reason = 'gate_failed'") == []


def test_good_documents_wait_for_the_gate_and_come_through_with_the_next_run(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add()
    with monkeypatch.context() as patch:
        break_extracted(patch)
        with pytest.raises(GateFailedError):
            place.run()
    assert place.query("SELECT count(*) FROM raw.documents") == [(7,)], "what passed its gate before is kept"
    outcome = place.run()
    assert outcome.processed["cleaned"] == 0 and outcome.processed["extracted"] == 1
    assert outcome.release.is_new and outcome.release.version == "1.1.0"


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE extracted.budget_lines SET value_percent = value_percent + 1",
        "DELETE FROM cleaned.revisions; DELETE FROM raw.documents WHERE document_id = (SELECT min(document_id) FROM "
        "raw.documents)",
        "INSERT INTO reference.units SELECT 'new', * EXCLUDE unit_id FROM reference.units LIMIT 1",
    ],
)
def test_data_changed_behind_the_gates_back_is_not_published(place: Any, tampering: str) -> None:
    table = next(t for t in ("extracted.budget_lines", "raw.documents", "reference.units") if t in tampering)
    published = published_state(place)
    with place.opened() as run:
        run.con.execute(tampering)
        with pytest.raises(NotPublishableError, match=table):
            publish_release(run)
    assert published_state(place) == published


def test_a_changed_suite_has_to_run_before_publishing(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from expectations import checks

    stricter = (
        *checks.CHECKS.get("extracted.targets", ()),
        checks.Check("Nothing is predicted.", "force = 'predicted'"),
    )
    monkeypatch.setitem(checks.CHECKS, "extracted.targets", stricter)
    with place.opened() as run:
        with pytest.raises(NotPublishableError, match=r"extracted\.targets"):
            publish_release(run)
        run_stage(run, stages.EXTRACTED)
        publish_release(run)


def test_a_warning_is_recorded_and_does_not_block(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from expectations import checks

    mild = checks.Check("There are no targets.", "true", severity="warning")
    monkeypatch.setitem(checks.CHECKS, "extracted.targets", (*checks.CHECKS.get("extracted.targets", ()), mild))
    place.run()
    found = place.query("SELECT severity, success FROM ops.gate_results WHERE expectation = 'There are no targets.'")
    assert found == [("warning", False)]
    assert place.query("SELECT count(*) FROM ops.quarantine WHERE reason = 'gate_failed'") == [(0,)]


def test_a_check_that_cannot_be_run_blocks(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from expectations import checks

    broken = checks.Check("It raises.", query="SELECT target_id FROM {batch} WHERE evidence::INTEGER > 0")
    monkeypatch.setitem(checks.CHECKS, "extracted.targets", (*checks.CHECKS.get("extracted.targets", ()), broken))
    tables = place.versions()
    with pytest.raises(GateFailedError, match=r"extracted\.targets could not be run: Conversion Error"):
        place.run()
    assert place.versions() == tables
    [(success, observed)] = place.query(
        "SELECT success, observed_value FROM ops.gate_results WHERE expectation = 'It raises.'"
    )
    assert success is False and "Could not convert" in json.loads(observed)["exception"]


def test_a_stage_that_raises_rolls_back_and_the_run_is_marked_failed(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add()
    tables = place.versions()

    def raising(con: Any) -> None:
        raise RuntimeError("in the middle")

    with monkeypatch.context() as patch:
        with_stage(patch, replace(stages.CLEANED, settle=raising))
        with pytest.raises(RuntimeError, match="in the middle"):
            place.run()
    changed = {name for name, version in place.versions().items() if version != tables[name]}
    assert changed == {"raw.documents"}
    assert place.query("SELECT status FROM ops.runs ORDER BY started DESC LIMIT 1") == [("failed",)]


def test_an_interrupted_run_is_marked_so(place: Any) -> None:
    with pytest.raises(KeyboardInterrupt), place.opened() as run:
        load_reference_tables(run)
        raise KeyboardInterrupt
    assert place.query("SELECT status FROM ops.runs ORDER BY started DESC LIMIT 1") == [("interrupted",)]


def test_unchanged_tables_are_not_checked_again(place: Any) -> None:
    with place.opened() as run:
        load_reference_tables(run)
        aggregate_table(run, "claims")
        assert run.verdicts["reference"].findings == run.verdicts["aggregated"].findings == []
