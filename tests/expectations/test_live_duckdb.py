"""What the adaptor relies on in Great Expectations, SQLAlchemy and duckdb-engine; a new version must keep it."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from expectations import live_duckdb
from expectations.suites import Expectation


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("CREATE SCHEMA s")
    opened.execute("CREATE TABLE s.t (id VARCHAR, word VARCHAR, number DOUBLE, items VARCHAR[])")
    opened.execute("INSERT INTO s.t VALUES ('one', 'apple', 1, ['x'])")
    return opened


def run(con: duckdb.DuckDBPyConnection, *expected: Expectation, key: tuple[str, ...] = ("id",)) -> list[dict[str, Any]]:
    """The results in the order of the expectations."""
    with live_duckdb.validator(con, 1000) as validator:
        prepared = [live_duckdb.expectation(e, n) for n, e in enumerate(expected)]
        found = validator.run("s", "t", key, prepared)["results"]
    return sorted(found, key=lambda r: int(r["expectation_config"]["meta"]["number"]))


def never_null(column: str) -> Expectation:
    return Expectation("ExpectColumnValuesToNotBeNull", {"column": column}, f"{column} is never NULL.", (column,))


def no_rows(query: str) -> Expectation:
    return Expectation("UnexpectedRowsExpectation", {"unexpected_rows_query": query}, "No such rows.")


def test_rows_that_are_not_committed_are_seen(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("BEGIN")
    con.execute("INSERT INTO s.t VALUES ('two', NULL, 2, [])")
    [result] = run(con, never_null("word"))
    assert not result["success"] and result["result"]["unexpected_count"] == 1
    con.execute("ROLLBACK")
    [result] = run(con, never_null("word"))
    assert result["success"]


@pytest.mark.parametrize("value", ["'good'", "NULL"])
def test_the_transaction_stays_open_and_its_owners(con: duckdb.DuckDBPyConnection, value: str) -> None:
    con.execute("BEGIN")
    con.execute(f"INSERT INTO s.t VALUES ('two', {value}, 2, [])")
    run(con, never_null("word"), no_rows("SELECT id FROM {batch} WHERE word IS NULL"))
    assert con.execute("SELECT count(*) FROM s.t").fetchone() == (2,), "neither committed nor rolled back"
    with pytest.raises(duckdb.TransactionException):
        con.execute("BEGIN")  # one is still under way
    con.execute("ROLLBACK")
    assert con.execute("SELECT count(*) FROM s.t").fetchone() == (1,), "it was not committed by the validation"


def test_a_commit_after_validation_keeps_the_rows(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("BEGIN")
    con.execute("INSERT INTO s.t VALUES ('two', 'b', 2, [])")
    run(con, never_null("word"))
    con.execute("COMMIT")
    assert con.execute("SELECT count(*) FROM s.t").fetchone() == (2,)


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("^apple$", True),
        ("pp", True),
        ("^a", True),
        ("^pp", False),
        ("APPLE", False),
        (r"^\w{5}$", True),
        ("l$", False),
    ],
)
def test_a_pattern_is_searched_not_matched_whole(con: duckdb.DuckDBPyConnection, pattern: str, holds: bool) -> None:
    matches = Expectation("ExpectColumnValuesToMatchRegex", {"column": "word", "regex": pattern}, "It matches.")
    other = Expectation("ExpectColumnValuesToNotMatchRegex", {"column": "word", "regex": pattern}, "It does not.")
    first, second = run(con, matches, other)
    assert (first["success"], second["success"]) == (holds, not holds)


def test_keys_of_failing_rows_come_back(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO s.t SELECT 'bad' || range, NULL, range, [] FROM range(30)")
    null, rows = run(
        con, never_null("word"), no_rows("SELECT id, number FROM {batch} WHERE word IS NULL"), key=("id", "number")
    )
    wanted = {(f"bad{n}", float(n)) for n in range(30)}
    found = {(r["id"], r["number"]) for r in null["result"]["partial_unexpected_index_list"]}
    assert found == wanted
    assert "details" not in rows["result"], "the gate asks for these keys itself"
    assert null["result"]["unexpected_count"] == rows["result"]["observed_value"] == 30


def test_at_most_a_thousand_keys_come_back_but_all_are_counted(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO s.t SELECT 'bad' || range, NULL, range, [] FROM range(1500)")
    [result] = run(con, never_null("word"))
    assert len(result["result"]["partial_unexpected_index_list"]) == 1000
    assert result["result"]["unexpected_count"] == 1500


def test_nothing_holds_the_connection_afterwards(con: duckdb.DuckDBPyConnection, tmp_path: Any) -> None:
    path = str(tmp_path / "held.duckdb")
    with duckdb.connect(path) as held:
        held.execute("CREATE SCHEMA s")
        held.execute("CREATE TABLE s.t (id VARCHAR, word VARCHAR)")
        run(held, never_null("word"))
        held.execute("ALTER TABLE s.t ADD COLUMN more INTEGER")  # refused while a result is open
        assert not live_duckdb.LiveDuckDBDatasource.engines
    with duckdb.connect(path, config={"threads": 1}) as again:  # another configuration is refused while it is open
        assert again.execute("SELECT count(*) FROM s.t").fetchone() == (0,)


def test_the_connection_is_free_after_an_error_too(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(RuntimeError), live_duckdb.validator(con, 1000):
        raise RuntimeError
    assert not live_duckdb.LiveDuckDBDatasource.engines
    assert con.execute("SELECT count(*) FROM s.t").fetchone() == (1,)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (no_rows("SELECT nothing_there FROM {batch}"), "nothing_there"),
        (no_rows("SELECT id FROM {batch} WHERE word::INTEGER = 1"), "Could not convert"),
        (never_null("nothing_there"), "nothing_there"),
    ],
)
def test_an_expectation_that_raises_has_failed(con: duckdb.DuckDBPyConnection, broken: Expectation, said: str) -> None:
    con.execute("BEGIN")
    [result] = run(con, broken)
    assert result["success"] is False
    assert said in result["error"], "the first error, not that the transaction is over"


def test_an_expectation_that_holds_or_not_has_no_error(con: duckdb.DuckDBPyConnection) -> None:
    held, failed = run(con, never_null("word"), no_rows("SELECT id FROM {batch}"))
    assert (held["success"], held["error"], failed["success"], failed["error"]) == (True, None, False, None)


def test_tables_of_the_same_name_in_other_schemas_are_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE main.t (other INTEGER)")
    [result] = run(
        con, Expectation("ExpectTableColumnsToMatchOrderedList", {"column_list": ["id", "word", "number", "items"]}, "")
    )
    assert result["success"]


def test_an_attached_database_does_not_interfere(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("ATTACH ':memory:' AS elsewhere")
    con.execute("CREATE SCHEMA elsewhere.s")
    con.execute("CREATE TABLE elsewhere.s.t (id VARCHAR, word VARCHAR, more VARCHAR)")
    [result] = run(
        con, Expectation("ExpectTableColumnsToMatchOrderedList", {"column_list": ["id", "word", "number", "items"]}, "")
    )
    assert result["success"]


def test_bounds_sets_and_keys_are_checked_in_sql(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO s.t VALUES ('one', 'b', 11, []), ('three', 'c', NULL, NULL)")
    unique, inside, known, several = run(
        con,
        Expectation("ExpectColumnValuesToBeUnique", {"column": "id"}, "Key."),
        Expectation("ExpectColumnValuesToBeBetween", {"column": "number", "min_value": 0, "max_value": 10}, "Bounds."),
        Expectation("ExpectColumnValuesToBeInSet", {"column": "word", "value_set": ["apple", "b", "c"]}, "Values."),
        Expectation("ExpectCompoundColumnsToBeUnique", {"column_list": ["id", "word"]}, "Key."),
    )
    assert (unique["success"], inside["success"], known["success"], several["success"]) == (False, False, True, True)
    assert unique["result"]["unexpected_count"] == 2 and inside["result"]["unexpected_count"] == 1
