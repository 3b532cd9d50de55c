"""One run or many, any engine, any batch size, any order: the same data."""

from __future__ import annotations

import gc
import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assets import stage as stage_module
from orchestration.engine import LocalEngine, ProcessEngine, collect_rarely, engine_of
from orchestration.stages import CLEANED, EXTRACTED
from warehouse.reference import load_reference
from warehouse.results import arrow
from warehouse.settings import Settings


@pytest.fixture
def unchecked(finished: Any, fresh: Any, without_gates: Any) -> Any:
    """The small corpus and an empty data folder, with gates that let everything pass."""
    without_gates()
    return fresh


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def with_settings(place: Any, **changes: Any) -> Any:
    return replace(place, settings=replace(place.settings, **changes))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_small_runs_in_any_order_end_in_the_same_tables(
    finished: Any, unchecked: Any, seed: int, tmp_path: Path
) -> None:
    files = [p for p in sorted(unchecked.corpus.iterdir()) if not p.name.endswith(".meta.json")]
    random.Random(seed).shuffle(files)
    for file in files:
        unchecked.run([file], publish=False)
    assert unchecked.versions() == finished.versions()


def test_many_small_runs_end_in_the_same_release(finished: Any, fresh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from expectations.gate import Verdict

    files = [p for p in sorted(fresh.corpus.iterdir(), reverse=True) if not p.name.endswith(".meta.json")]
    with monkeypatch.context() as patch:
        patch.setattr("orchestration.pipeline.audit", lambda *arguments: Verdict())
        for file in files:
            fresh.run([file], publish=False)
    outcome = fresh.run()
    assert outcome.processed == {"cleaned": 0, "extracted": 0}
    assert contents(outcome.release.path) == contents(finished.release), "every file, byte for byte"


@pytest.mark.parametrize("batch_rows", [1, 4])
def test_the_size_of_batches_does_not_matter(finished: Any, unchecked: Any, batch_rows: int) -> None:
    with_settings(unchecked, batch_rows=batch_rows).run(publish=False)
    assert unchecked.versions() == finished.versions()


def test_how_much_is_merged_at_once_does_not_matter(
    finished: Any, unchecked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.reading._MERGED_AT_ONCE", 1)
    unchecked.run(publish=False)
    assert unchecked.versions() == finished.versions()


def test_processes_and_local_make_the_same_tables(finished: Any, unchecked: Any) -> None:
    with_settings(unchecked, engine="processes", workers=2, batch_rows=2).run(publish=False)
    assert unchecked.versions() == finished.versions()


def test_processes_give_results_in_the_order_of_the_batches(finished: Any) -> None:
    with finished.reading() as con:
        documents = arrow(con, f"SELECT * FROM ({CLEANED.input_query}) ORDER BY document_id")
    batches = documents.to_batches(max_chunksize=1)
    reference = load_reference()
    local = list(LocalEngine().map(CLEANED.map_batch, batches, reference))
    spread = list(ProcessEngine(2).map(CLEANED.map_batch, iter(batches), reference))
    assert len(local) == len(batches) and spread == local


@pytest.mark.parametrize("workers", [1, 2])
def test_one_batch_starts_no_process(workers: int) -> None:
    batch = pa.RecordBatch.from_pydict({"document_id": ["a"]})
    seen = []  # a closure: it could not be sent to another process
    reference = load_reference()
    assert list(ProcessEngine(workers).map(lambda b, r: seen.append(b) or {}, [batch], reference)) == [{}]
    assert seen == [batch]


def test_no_batch_is_no_result() -> None:
    assert list(ProcessEngine(2).map(CLEANED.map_batch, [], load_reference())) == []


def test_an_error_in_a_worker_reaches_the_caller() -> None:
    batch = pa.RecordBatch.from_pydict({"document_id": ["a"]})  # lacks every other column
    with pytest.raises(KeyError):
        list(ProcessEngine(2).map(CLEANED.map_batch, [batch] * 3, load_reference()))


def test_collecting_rarely_leaves_what_is_there_alone() -> None:
    before = gc.get_threshold()
    try:
        collect_rarely()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] > before[0]
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_the_settings_choose_the_engine() -> None:
    assert isinstance(engine_of(Settings(engine="local")), LocalEngine)
    chosen = engine_of(Settings(engine="processes", workers=3))
    assert isinstance(chosen, ProcessEngine) and chosen.workers == 3


def test_running_again_does_nothing(place: Any) -> None:
    tables = place.versions()
    outcome = place.run()
    assert outcome.read.files_read == 0 and outcome.read.unchanged_files == outcome.read.files == 4
    assert outcome.processed == {"cleaned": 0, "extracted": 0}
    assert not outcome.release.is_new and place.versions() == tables


def test_one_more_file_is_one_more_document(place: Any, without_gates: Any) -> None:
    without_gates()
    place.add()
    outcome = place.run(publish=False)
    assert (outcome.read.files_read, outcome.read.new_documents) == (1, 1)
    assert outcome.processed == {"cleaned": 1, "extracted": 1}


def test_a_file_with_another_content_is_another_document(place: Any, without_gates: Any) -> None:
    without_gates()
    place.add(text="The Sangwon Cement Complex fulfilled its plan for the first half of 2024.")
    place.run(publish=False)
    place.add()
    outcome = place.run(publish=False)
    assert outcome.read.new_documents == 1
    assert place.query("SELECT count(*) FROM raw.documents WHERE source_uri = '2024-07-02-cement.txt'") == [(2,)]


def test_a_file_under_another_name_is_the_same_document(place: Any, without_gates: Any) -> None:
    without_gates()
    place.add()
    place.run(publish=False)
    tables = place.versions()
    place.add("later-name.txt")
    assert place.run(publish=False).read.new_documents == 0
    assert place.versions() == tables


def test_one_text_under_two_addresses_is_two_documents(finished: Any) -> None:
    rows = finished.query(
        "SELECT source_url, document_id FROM raw.documents WHERE source_url LIKE '%/coal' ORDER BY source_url"
    )
    assert [url.split("/")[2] for url, _ in rows] == ["state-times.example", "state-wire.example"]
    assert len({i for _, i in rows}) == 2
    [(duplicate_of,)] = finished.query("SELECT duplicate_of FROM cleaned.documents WHERE duplicate_of IS NOT NULL")
    assert duplicate_of in {i for _, i in rows}


def test_other_code_processes_everything_anew(place: Any, without_gates: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    without_gates()
    tables = place.versions()
    home = Path(EXTRACTED.map_batch.__code__.co_filename).parent
    digest = stage_module.code_digest

    def changed(folder: Path) -> str:
        return "changed" if folder == home else digest(folder)

    monkeypatch.setattr(stage_module, "code_digest", changed)
    outcome = place.run(publish=False)
    assert outcome.processed == {"cleaned": 0, "extracted": len(place.query("FROM cleaned.documents"))}
    assert place.versions() == tables
    assert place.run(publish=False).processed == {"cleaned": 0, "extracted": 0}


def test_other_code_upstream_processes_everything_downstream_too(
    place: Any, without_gates: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_gates()
    home = Path(CLEANED.map_batch.__code__.co_filename).parent
    digest = stage_module.code_digest
    monkeypatch.setattr(stage_module, "code_digest", lambda f: "changed" if f == home else digest(f))
    assert place.run(publish=False).processed == {"cleaned": 6, "extracted": 6}


def test_the_data_folder_can_move(place: Any, tmp_path: Path) -> None:
    moved = replace(place, settings=replace(place.settings, data=tmp_path / "elsewhere"))
    shutil.move(place.settings.data, moved.settings.data)
    outcome = moved.run()
    assert not outcome.release.is_new and outcome.processed == {"cleaned": 0, "extracted": 0}


def test_nothing_of_this_machine_is_in_the_tables(finished: Any) -> None:
    home = str(finished.corpus.parent)
    for uri, batch in finished.query("SELECT source_uri, batch_id FROM ops.sources"):
        assert home not in uri and home not in batch


def test_every_run_is_on_record(finished: Any) -> None:
    rows = finished.query(
        "SELECT status, ended >= started, counts::JSON->>'raw.documents' FROM ops.runs ORDER BY started"
    )
    assert rows[0] == ("done", True, "6")
