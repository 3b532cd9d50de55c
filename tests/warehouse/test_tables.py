from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from warehouse.tables import data_version, delete_where_in, insert, replace_rows, row_count

SCHEMA = pa.schema(
    [
        ("word", pa.string()),
        ("number", pa.float64()),
        ("items", pa.list_(pa.string())),
        ("pair", pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string()))])),
    ]
)
WORDS = st.none() | st.sampled_from(["", "a", "b", "NULL", "[]"])
ITEMS = st.none() | st.lists(WORDS, max_size=2)
ROW = st.fixed_dictionaries(
    {
        "word": WORDS,
        "number": st.none() | st.sampled_from([0.0, 1.0, 2.5, -1.0]),
        "items": ITEMS,
        "pair": st.none() | st.fixed_dictionaries({"a": st.none() | st.integers(0, 2), "b": ITEMS}),
    }
)
CON = duckdb.connect()
CON.execute("CREATE TABLE t (word VARCHAR, number DOUBLE, items VARCHAR[], pair STRUCT(a INTEGER, b VARCHAR[]))")


def version(rows: list[dict[str, Any]]) -> str:
    replace_rows(CON, "t", pa.Table.from_pylist(rows, SCHEMA))
    return data_version(CON, "t", SCHEMA.names)


def as_set(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(r, sort_keys=True) for r in rows)


@given(st.lists(ROW, max_size=6).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_does_not_matter(both: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    assert version(both[0]) == version(both[1])


@hypothesis_settings(max_examples=300)
@given(st.lists(ROW, max_size=3), st.lists(ROW, max_size=3))
def test_other_rows_give_another_version(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    assert (version(one) == version(other)) == (as_set(one) == as_set(other))


@given(st.lists(ROW, min_size=1, max_size=4), st.data())
def test_every_change_of_a_cell_is_noticed(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    changed = {**rows[at], **data.draw(ROW.filter(lambda r: r != rows[at]))}
    assert version(rows) != version([*rows[:at], changed, *rows[at + 1 :]])


@given(st.lists(ROW, min_size=1, max_size=4))
def test_a_row_more_or_less_is_noticed(rows: list[dict[str, Any]]) -> None:
    assert len({version(rows), version([*rows, rows[0]]), version([*rows, rows[0], rows[0]]), version(rows[1:])}) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"items": None}, {"items": []}),
        ({"items": []}, {"items": [None]}),
        ({"items": [None]}, {"items": ["NULL"]}),
        ({"items": ["a", "b"]}, {"items": ["b", "a"]}),
        ({"items": ["a, b"]}, {"items": ["a", "b"]}),
        ({"word": None}, {"word": ""}),
        ({"word": None}, {"word": "NULL"}),
        ({"pair": None}, {"pair": {"a": None, "b": None}}),
        ({"pair": {"a": 1, "b": None}}, {"pair": {"a": 1, "b": []}}),
    ],
)
def test_what_looks_alike_is_told_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert version([one]) != version([other])


def test_only_the_named_columns_count() -> None:
    version([{"word": "a", "number": 1.0}])
    before = data_version(CON, "t", ["word"])
    version([{"word": "a", "number": 2.0}])
    assert data_version(CON, "t", ["word"]) == before


def test_an_empty_table_has_a_version() -> None:
    assert version([]) == version([])


def test_rows_are_inserted_by_name_and_counted() -> None:
    CON.execute("DELETE FROM t")
    assert insert(CON, "t", pa.table({"number": [1.0, 2.0], "word": ["a", "b"]})) == 2
    assert insert(CON, "t", pa.table({"number": pa.array([], pa.float64())})) == 0
    assert row_count(CON, "t") == 2
    assert CON.execute("SELECT word, number, items FROM t ORDER BY word").fetchall() == [
        ("a", 1.0, None),
        ("b", 2.0, None),
    ]


def test_rows_are_deleted_by_the_values_of_a_column() -> None:
    CON.execute("DELETE FROM t")
    insert(CON, "t", pa.table({"word": ["a", "b", None, "c"]}))
    delete_where_in(CON, "t", "word", pa.table({"doomed": ["a", "c", "x"]}))
    assert CON.execute("SELECT word FROM t ORDER BY word NULLS LAST").fetchall() == [("b",), (None,)]


def test_a_failed_insert_leaves_no_view_behind() -> None:
    with pytest.raises(duckdb.Error):
        insert(CON, "t", pa.table({"nothing_there": [1]}))
    with pytest.raises(duckdb.CatalogException):
        CON.execute("FROM incoming_rows")


def test_a_transaction_does_not_keep_the_rows_given_to_it() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE words (word VARCHAR)")
        con.execute("BEGIN")
        before = pa.total_allocated_bytes()
        for _ in range(20):
            insert(con, "words", pa.table({"word": ["plan" * 250_000]}))
            delete_where_in(con, "words", "word", pa.table({"word": ["plan" * 250_000]}))
        assert pa.total_allocated_bytes() - before < 2_000_000
        assert row_count(con, "words") == 0
        con.execute("COMMIT")
