from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import WarehouseBusyError, WarehouseUnusableError, transaction, writing

HOLD = """
import sys
from pathlib import Path
from warehouse.connection import writing
with writing(Path(sys.argv[1])) as con:
    con.execute("INSERT INTO ops.processed VALUES ('raw', 'd', 'f')")
    print("holding", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).resolve().parents[2]


def one_sentence(error: BaseException) -> bool:
    return "\n" not in str(error) and len(str(error)) < 400


def test_a_second_process_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "warehouse.duckdb"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "holding\n"
        with pytest.raises(WarehouseBusyError) as refused, writing(path):
            pass
        assert str(holder.pid) in str(refused.value) and "wait" in str(refused.value)
        assert one_sentence(refused.value)
    finally:
        holder.kill()
        holder.wait()
    with writing(path) as con:  # a killed process leaves no lock behind, and what it had committed
        assert con.execute("SELECT document_id FROM ops.processed").fetchall() == [("d",)]


def test_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with writing(tmp_path / "w.duckdb"), pytest.raises(WarehouseBusyError), writing(tmp_path / "w.duckdb"):
        pass


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("CREATE TABLE t (a INTEGER)")
    return opened


def rows(con: duckdb.DuckDBPyConnection) -> list[tuple[int]]:
    return con.execute("FROM t ORDER BY a").fetchall()


def test_a_transaction_that_ends_well_is_kept(con: duckdb.DuckDBPyConnection) -> None:
    with transaction(con):
        con.execute("INSERT INTO t VALUES (1)")
    con.execute("BEGIN")  # there is none under way any more
    con.execute("ROLLBACK")
    assert rows(con) == [(1,)]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_transaction_that_raises_leaves_nothing(con: duckdb.DuckDBPyConnection, error: type[BaseException]) -> None:
    with pytest.raises(error), transaction(con):
        con.execute("INSERT INTO t VALUES (1)")
        raise error
    assert rows(con) == []
    with transaction(con):
        con.execute("INSERT INTO t VALUES (2)")
    assert rows(con) == [(2,)]


def test_the_error_of_a_statement_is_what_is_raised(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.CatalogException), transaction(con):
        con.execute("INSERT INTO t VALUES (1)")
        con.execute("FROM nothing_there")
    assert rows(con) == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(WarehouseUnusableError) as error, writing(path):
        pass
    assert str(path) in str(error.value) and "move it away" in str(error.value) and one_sentence(error.value)
    assert path.read_bytes().startswith(b"this is no database"), "it is not ours to delete"


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(WarehouseUnusableError) as error, writing(tmp_path / "data" / "warehouse.duckdb"):
        pass
    assert str(tmp_path / "data") in str(error.value) and one_sentence(error.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(WarehouseUnusableError), writing(tmp_path / "data" / "warehouse.duckdb"):
            pass
    finally:
        tmp_path.chmod(0o755)


def test_a_warehouse_that_cannot_be_opened_is_not_locked_for_good(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(WarehouseUnusableError), writing(path):
        pass
    path.unlink()
    with writing(path) as con:
        assert con.execute("SELECT count(*) FROM ops.runs").fetchone() == (0,)
