"""The `planledger` command: what it prints, its exit codes, one sentence for every error."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from assets.published.verify import verify_release
from warehouse.connection import writing

ROOT = Path(__file__).resolve().parents[2]

# The command in another process, held up where it maps documents to rows; no gates, as they take seconds to load.
HELD_UP = """
import assets.extracted.stage as extracted, sys, time
from dataclasses import replace
from expectations.gate import Verdict
from orchestration import pipeline, stages, whole
def hold(batch, reference):
    print("HELD UP", flush=True)
    time.sleep(60)
hold.__code__ = hold.__code__.replace(co_filename=extracted.__file__)  # a stage's code is the folder of its function
held = tuple(replace(s, map_batch=hold) if s.name == "extracted" else s for s in stages.STAGES)
whole.STAGES = pipeline.STAGES = held
pipeline.audit = lambda *arguments: Verdict()
sys.argv = ["planledger", *sys.argv[1:]]
from orchestration.cli import main
main()
"""


def refused(result: tuple[int, str, str], *words: object) -> None:
    """Exit code 2 and one sentence with these words."""
    code, out, err = result
    said = err.strip().splitlines()
    assert code == 2 and out == ""
    assert said[-1].startswith("planledger: ") and len([s for s in said if s.startswith("planledger: ")]) == 1
    assert "Traceback" not in err
    for word in words:
        assert str(word) in said[-1]


def test_a_run_says_what_it_did_and_what_to_open(place: Any, command: Any) -> None:
    code, out, err = command("run", place.corpus, "--data", place.settings.data, "--engine", "local")
    assert code == 0
    assert "Read 0 of 4 files: 0 new documents, 4 files unchanged." in out
    assert "No change: still release 1.0.0" in out and "planledger query" in out and "Done in" in out
    assert "reference" in err, "progress goes to standard error"


def test_a_run_for_machines_is_json(place: Any, command: Any) -> None:
    code, out, err = command("run", place.corpus, "--data", place.settings.data, "--engine", "local", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["release"]["version"] == "1.0.0" and found["release"]["is_new"] is False
    assert found["read"]["files"] == 4 and found["rows"]["raw.documents"] == 6
    assert found["processed"] == {"cleaned": 0, "extracted": 0} and found["quarantined"] == 0


def test_a_dry_run_only_lists(fresh: Any, command: Any) -> None:
    code, out, err = command("run", fresh.corpus, "--data", fresh.settings.data, "--dry-run")
    assert code == 0 and "records.jsonl" in out and "4 files would be read" in err
    assert not fresh.settings.data.exists()


def test_a_run_without_publishing_makes_no_release(place: Any, command: Any, without_gates: Any) -> None:
    without_gates()
    place.add()
    arguments = ("run", place.corpus, "--data", place.settings.data, "--engine", "local", "--no-publish")
    code, out, _ = command(*arguments)
    assert code == 0 and "Nothing was published" in out
    assert [p.name for p in place.settings.releases.glob("1*")] == ["1.0.0"]


def test_a_failed_gate_is_exit_code_one(place: Any, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from expectations import checks

    monkeypatch.setitem(checks.CHECKS, "raw.documents", (checks.Check("There is nothing.", "true"),))
    code, out, err = command("run", place.corpus, "--data", place.settings.data, "--engine", "local", "--json")
    assert (code, out) == (1, "")
    assert err == "planledger: the gate of raw.documents failed: There is nothing.: 6 rows\n"
    code, out, _ = command("status", "--data", place.settings.data)
    assert code == 0 and "FAILED" in out and "Last run: failed" in out and "6 gate_failed (raw)" in out
    code, out, _ = command("quarantine", "list", "--data", place.settings.data, "--stage", "raw", "--json")
    assert code == 0 and {e["reason"] for e in json.loads(out)} == {"gate_failed"}


def test_status_shows_rows_gates_and_release(finished: Any, command: Any) -> None:
    code, out, _ = command("status", "--data", finished.settings.data)
    assert code == 0 and "Release: 1.0.0" in out and "Last run: done" in out and "Quarantine: empty" in out
    assert "raw.documents" in out and "passed (" in out and "FAILED" not in out
    code, out, _ = command("status", "--data", finished.settings.data, "--json")
    found = json.loads(out)
    assert found["rows"]["raw.documents"] == 6 and found["release"]["version"] == "1.0.0"
    assert all(g["passed"] for g in found["gates"])


SQL = "SELECT 1 AS a, NULL AS b, ['x', 'y'] AS c, 2.5 AS d, 'ü,\"' AS e"


def test_query_prints_each_format(finished: Any, command: Any, tmp_path: Path) -> None:
    data = ("--data", finished.settings.data)
    code, out, _ = command("query", SQL, *data)
    assert code == 0 and '["x", "y"]' in out and "2.5" in out
    _, out, _ = command("query", SQL, "--format", "json", *data)
    assert json.loads(out) == [{"a": 1, "b": None, "c": ["x", "y"], "d": 2.5, "e": 'ü,"'}]
    _, out, _ = command("query", SQL, "--format", "csv", *data)
    assert list(csv.reader(io.StringIO(out))) == [list("abcde"), ["1", "", '["x", "y"]', "2.5", 'ü,"']]
    sums = "SELECT sum(range) AS whole, sum(range / 2) AS half, sum(range::DECIMAL(9, 2)) / 4 AS part FROM range(4)"
    _, out, _ = command("query", sums, "--format", "json", *data)
    assert json.loads(out) == [{"whole": 6, "half": 3.0, "part": 1.5}]
    code, out, _ = command("query", SQL, "--format", "parquet", "-o", tmp_path / "found.parquet", *data)
    assert (code, out) == (0, "")
    assert pq.read_table(tmp_path / "found.parquet").to_pylist()[0]["e"] == 'ü,"'


def test_query_reads_only(finished: Any, command: Any) -> None:
    refused(command("query", "DELETE FROM raw.documents", "--data", finished.settings.data), "read-only")


def test_ledger_filters(finished: Any, command: Any) -> None:
    data = ("--data", finished.settings.data)
    code, out, _ = command("ledger", "--format", "json", *data)
    rows = json.loads(out)
    assert code == 0 and rows
    status = rows[0]["review_status"]
    _, out, _ = command("ledger", "--format", "json", "--status", status, *data)
    assert json.loads(out) == [r for r in rows if r["review_status"] == status]
    code, out, _ = command("ledger", "--status", "no_such_status", *data)
    assert (code, out) == (0, "No plan fits.\n")


def test_explain_leads_back_to_the_sentence(finished: Any, command: Any) -> None:
    [(target, evidence)] = finished.query("SELECT target_id, evidence FROM extracted.targets ORDER BY ALL LIMIT 1")
    code, out, _ = command("explain", target, "--data", finished.settings.data)
    assert code == 0 and f"»{evidence}«" in out.replace("\n", "\n") and "by rule" in out and "chain:" in out
    [(claim, ids)] = finished.query("SELECT claim_id, evidence_ids FROM aggregated.claims ORDER BY ALL LIMIT 1")
    code, out, _ = command("explain", claim, "--data", finished.settings.data, "--json")
    found = json.loads(out)
    assert code == 0 and found["table"] == "aggregated.claims"
    assert {e["row_id"] for e in found["evidence"]} == set(ids)
    for e in found["evidence"]:
        start = e["start_char"] - e["sentence_start"]
        assert e["sentence"][start : start + len(e["evidence"])] == e["evidence"][: len(e["sentence"]) - start]


@pytest.mark.parametrize("prefix", ["em", "dt", "qt", "qu", "at", "tg", "rs", "bl", "tf", "cl", "pl", "tr"])
def test_every_kind_of_row_is_explained(finished: Any, command: Any, prefix: str) -> None:
    from warehouse.schema import table_of_id

    declared = table_of_id(f"{prefix}_")
    assert declared is not None
    [(key,)] = finished.query(f"SELECT {declared.key[0]} FROM {declared.full_name} ORDER BY 1 LIMIT 1")
    code, out, _ = command("explain", key, "--data", finished.settings.data)
    assert code == 0 and out.startswith(declared.full_name) and "sentence:" in out


def test_quarantine_lists_and_shows(place: Any, command: Any, without_gates: Any) -> None:
    without_gates()
    data = ("--data", place.settings.data)
    assert command("quarantine", "list", *data)[1] == "Nothing is in quarantine.\n"
    place.add("broken.jsonl", "no JSON\n")
    place.run(publish=False)
    code, out, _ = command("quarantine", "list", "--json", *data)
    [entry] = json.loads(out)
    assert code == 0 and entry["concerns"] == "broken.jsonl#L1" and entry["reason"] == "bad_record"
    assert "broken.jsonl#L1" in command("quarantine", "list", *data)[1]
    code, out, _ = command("quarantine", "show", entry["quarantine_id"], *data)
    assert code == 0 and "source_uri: broken.jsonl#L1" in out and "detail: Line 1" in out
    refused(command("quarantine", "show", "qr_nothing", *data), "qr_nothing", "not in quarantine")


def test_verify_is_exit_code_one_if_anything_differs(place: Any, command: Any) -> None:
    data = ("--data", place.settings.data)
    for arguments in (("verify",), ("verify", "1.0.0"), ("verify", place.release)):
        code, out, _ = command(*arguments, *data)
        assert code == 0 and "hold" in out
    (place.release / "raw.documents.parquet").write_bytes(b"nothing")
    code, out, _ = command("verify", "--json", *data)
    found = json.loads(out)
    assert code == 1 and found["differences"] == ["raw.documents.parquet has another checksum"]
    refused(command("verify", "9.9.9", *data), "9.9.9")


@pytest.mark.parametrize(
    "arguments",
    [("query", "SELECT 1"), ("ledger",), ("status",), ("explain", "tg_1"), ("verify",), ("quarantine", "list")],
)
def test_without_a_release_it_says_how_to_make_one(tmp_path: Path, command: Any, arguments: tuple[str, ...]) -> None:
    refused(command(*arguments, "--data", tmp_path / "nothing"), "planledger run", tmp_path / "nothing")


def test_bad_sql_is_said_in_one_line(finished: Any, command: Any) -> None:
    refused(command("query", "SELEC 1", "--data", finished.settings.data), "syntax error")
    refused(command("query", "FROM nothing_there", "--data", finished.settings.data), "nothing_there")


def test_an_unknown_id_is_named(finished: Any, command: Any) -> None:
    for row_id in ("tg_nothing", "xx_nothing", ""):
        refused(command("explain", row_id, "--data", finished.settings.data), repr(row_id))


def test_an_unknown_place_is_answered_with_near_names(finished: Any, command: Any) -> None:
    refused(command("ledger", "--place", "Songchun", "--data", finished.settings.data), "did you mean", "Songchon")


def test_a_busy_warehouse_is_named(place: Any, command: Any) -> None:
    with writing(place.settings.warehouse_path):
        refused(command("run", place.corpus, "--data", place.settings.data, "--json"), "is being written to", "wait")


def test_readers_do_not_mind_a_writer_in_another_process(place: Any, command: Any) -> None:
    with held_up(place) as process:
        code, out, _ = command("query", "SELECT version FROM release", "--format", "csv", "--data", place.settings.data)
        assert (code, out) == (0, "version\n1.0.0\n")
        code, out, _ = command("status", "--data", place.settings.data)
        assert code == 0 and "Release: 1.0.0" in out
        refused(command("run", place.corpus, "--data", place.settings.data, "--json"), process.pid)


def test_an_unusable_warehouse_is_named(place: Any, command: Any) -> None:
    place.settings.warehouse_path.write_bytes(b"nonsense" * 1000)
    refused(command("run", place.corpus, "--data", place.settings.data, "--json"), "cannot be opened", "move it away")


@pytest.mark.parametrize(
    ("name", "value"), [("ENGINE", "cluster"), ("WORKERS", "many"), ("WORKERS", "-1"), ("BATCH_ROWS", "0")]
)
def test_a_bad_setting_is_named(name: str, value: str, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PLANLEDGER_{name}", value)
    refused(command("run"), name.lower() if value.lstrip("-").isdigit() or name == "ENGINE" else f"PLANLEDGER_{name}")


@pytest.mark.parametrize("arguments", [("walk",), ("run", "--engine", "cluster"), ("query",), ("run", "--what")])
def test_bad_usage_is_exit_code_two(command: Any, arguments: tuple[str, ...]) -> None:
    refused(command(*arguments))


def test_help_names_settings_and_exit_codes(command: Any) -> None:
    code, out, _ = command("--help")
    assert code == 0 and all(f"PLANLEDGER_{n}" in out for n in ("DATA", "ENGINE", "WORKERS", "BATCH_ROWS"))
    assert "130" in out
    assert command("--version")[1].startswith("planledger")


def test_the_data_folder_comes_from_the_environment(
    finished: Any, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANLEDGER_DATA", str(finished.settings.data))
    assert command("query", "SELECT version FROM release", "--format", "csv")[1] == "version\n1.0.0\n"


def test_what_nobody_foresaw_is_logged_and_said_in_one_line(
    place: Any, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("orchestration.whole.load_reference_tables", fail)
    monkeypatch.setenv("PLANLEDGER_DATA", str(place.settings.data))
    code, out, err = command("run", place.corpus, "--json")
    assert (code, out) == (1, "") and len(err.splitlines()) == 1 and "ZeroDivisionError" in err
    log = (place.settings.data / "errors.log").read_text()
    assert "Traceback" in log and "by nothing" in log


class held_up:  # noqa: N801 (used like a function)
    """A run in another process, held up in the middle of the extracted stage."""

    def __init__(self, place: Any) -> None:
        place.add()
        self.command = [sys.executable, "-c", HELD_UP, "run", str(place.corpus), "--data", str(place.settings.data)]

    def __enter__(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "PLANLEDGER_ENGINE": "local"}
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "HELD UP\n"
        return self.process

    def __exit__(self, *raised: object) -> None:
        self.process.kill()
        self.process.communicate()


def test_ctrl_c_is_exit_code_130_and_safe(place: Any) -> None:
    tables = place.versions()
    with held_up(place) as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in err.splitlines()[-1] and "run again" in err.splitlines()[-1] and "Traceback" not in err
    assert place.query("SELECT status FROM ops.runs ORDER BY started DESC LIMIT 1") == [("interrupted",)]
    after = place.versions()
    assert {n for n in after if n.startswith(("extracted", "aggregated")) and after[n] != tables[n]} == set()


def test_a_killed_run_leaves_the_release_usable_and_the_next_one_completes(place: Any) -> None:
    with held_up(place) as process:
        began = time.monotonic()
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        assert time.monotonic() - began < 30 and process.returncode == -signal.SIGKILL
    assert verify_release(place.release) == []
    with duckdb.connect(str(place.settings.serving_path), read_only=True) as con:
        assert con.execute("SELECT version FROM release").fetchall() == [("1.0.0",)]
    outcome = place.run()
    assert outcome.processed["extracted"] == 1
    assert outcome.release.is_new and outcome.release.version == "1.1.0" and verify_release(outcome.release.path) == []


def test_a_closed_pipe_is_no_error(finished: Any) -> None:
    program = "from orchestration.cli import main; main()"
    sql = "SELECT range FROM range(200000)"
    arguments = ["query", sql, "--format", "csv", "--data", str(finished.settings.data)]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert b"Traceback" not in process.stderr.read()


def test_learn_residue_proposes_lines_for_review(
    finished: Any, command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data", finished.settings.data)
    code, out, err = command("learn-residue", *data, "--least", "50")
    assert (code, out) == (0, "") and err == "No line stands on 50 pages of one outlet.\n"
    line = {"pattern_id": "one_read_on", "pattern": "Read on$", "outlet_id": "one", "documents": 7}
    monkeypatch.setattr("orchestration.cli.learn.proposals", lambda *arguments: iter([line]))
    place = tmp_path / "proposed.csv"
    code, out, err = command("learn-residue", *data, "-o", place)
    assert (code, out, err) == (0, "", f"Lines for review in {place}: 1\n")
    [row] = csv.DictReader(place.open(encoding="utf-8"))
    assert row["pattern"] == "Read on$" and row["documents"] == "7" and row["kind"] == ""
    assert command("learn-residue", *data)[1].splitlines()[1].startswith("one_read_on,")
