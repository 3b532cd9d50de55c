from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations.suites import suite
from warehouse.connection import prepare
from warehouse.results import arrow
from warehouse.schema import TABLES, table, table_of_id, tables_of
from warehouse.schema.arrow import arrow_schema, arrow_type, batch_of
from warehouse.schema.ddl import create_all, quoted
from warehouse.schema.model import ENTITY, Column, Table
from warehouse.tables import insert

NAMES = sorted(TABLES)
VALUES: dict[str, Any] = {
    "VARCHAR": "한 'quoted' \"text\" – ok",
    "VARCHAR[]": ["a", "", "b|c"],
    "DOUBLE": 1.25,
    "INTEGER": 7,
    "BIGINT": 2**40,
    "BOOLEAN": True,
    "DATE": date(2024, 2, 29),
    "TIMESTAMP": datetime(2024, 2, 29, 12, 30, 15, 250),
}


def value_of(kind: str) -> Any:
    """A value of a DuckDB type, made from the type's Arrow form."""
    return VALUES[kind] if kind in VALUES else _value(arrow_type(kind))


def _value(kind: pa.DataType) -> Any:
    if pa.types.is_list(kind):
        return [_value(kind.value_type)]
    if pa.types.is_struct(kind):
        return {f.name: _value(f.type) for f in kind}
    return {"string": "x", "double": 0.5, "int32": 3, "date32[day]": date(2020, 1, 2), "bool": False}[str(kind)]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    prepare(opened)
    return opened


@pytest.mark.parametrize("name", NAMES)
def test_the_catalogue_shows_the_declared_columns_and_comments(con: duckdb.DuckDBPyConnection, name: str) -> None:
    declared = table(name)
    [(comment,)] = con.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", [declared.schema, declared.name]
    ).fetchall()
    assert comment == f"{declared.description} Key: {', '.join(declared.key)}."
    found = con.execute(
        "SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? "
        "ORDER BY column_index",
        [declared.schema, declared.name],
    ).fetchall()
    assert found == [(c.name, c.meaning) for c in declared.columns]


def test_a_comment_tells_unit_values_and_reference() -> None:
    column = Column("c", "VARCHAR", "What it is.", unit="ton", enum=("a", "b"), references="x.y.z")
    assert column.meaning == "What it is. Unit: ton. One of a, b. Refers to x.y.z."


@pytest.mark.parametrize("name", NAMES)
def test_a_row_comes_back_from_the_database_as_it_went_in(con: duckdb.DuckDBPyConnection, name: str) -> None:
    row = {c.name: value_of(c.type) for c in table(name).columns}
    con.execute("BEGIN")
    try:
        assert insert(con, name, batch_of(name, [row])) == 1
        found = arrow(con, f"SELECT * FROM {name}")
    finally:
        con.execute("ROLLBACK")
    assert found.to_pylist() == [row]
    assert found.cast(arrow_schema(name)).to_pylist() == [row]
    assert [_plain(t) for t in found.schema.types] == arrow_schema(name).types


def _plain(kind: pa.DataType) -> pa.DataType:
    """Arrow's usual name for the items of a list."""
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _plain(f.type)) for f in kind])
    return kind


@pytest.mark.parametrize("name", NAMES)
def test_arrow_fields_carry_description_and_nullability(name: str) -> None:
    schema = arrow_schema(name)
    for column in table(name).columns:
        field = schema.field(column.name)
        assert field.nullable == column.nullable
        assert field.metadata[b"description"].decode() == column.description
        assert field.metadata.get(b"unit", b"").decode() == (column.unit or "")
        assert field.metadata.get(b"references", b"").decode() == (column.references or "")
        assert field.metadata.get(b"enum", b"").decode() == "|".join(column.enum or ())


def test_a_column_that_is_not_declared_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ops\.processed declares no column \['colour'\]"):
        batch_of("ops.processed", [{"stage": "raw"}, {"stage": "raw", "colour": "red"}])


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        batch_of("ops.sources", [{"byte_size": "many"}])


def test_a_column_a_row_lacks_is_null() -> None:
    assert batch_of("ops.processed", [{"stage": "raw"}]).to_pylist() == [
        {"stage": "raw", "document_id": None, "fingerprint": None}
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_declared_soundly(name: str) -> None:
    for column in table(name).columns:
        assert column.description.endswith((".", "?")), column.name
        if column.enum is not None:
            assert column.type in ("VARCHAR", "VARCHAR[]"), column.name
            assert len(set(column.enum)) == len(column.enum) and "" not in column.enum, column.name
        if column.references not in (None, ENTITY):
            assert column.references is not None
            schema, target, key = column.references.split(".")
            referred = table(f"{schema}.{target}")
            assert referred.key == (key,), column.name
            assert referred.column(key).type == column.type.removesuffix("[]"), column.name
        if column.minimum is not None and column.maximum is not None:
            assert column.minimum < column.maximum, column.name


@pytest.mark.parametrize("name", NAMES)
def test_key_columns_are_never_null(name: str) -> None:
    assert all(not table(name).column(k).nullable for k in table(name).key)


def test_evidence_tables_carry_the_evidence_columns() -> None:
    wanted = {"document_id", "sentence_id", "start_char", "end_char", "evidence", "rule"}
    assert all(t.evidence and wanted <= set(t.column_names) for t in tables_of("extracted"))


def test_prefixes_tell_tables_apart() -> None:
    prefixes = [t.id_prefix for t in TABLES.values() if t.id_prefix]
    assert len(set(prefixes)) == len(prefixes)
    found = table_of_id("tg_0123")
    assert found is not None and found.full_name == "extracted.targets"
    assert table_of_id("nothing") is None


def test_a_table_that_is_not_declared_is_named() -> None:
    with pytest.raises(KeyError, match=r"raw\.nothing"):
        table("raw.nothing")


def test_a_declaration_that_contradicts_itself_is_refused() -> None:
    column = Column("a", "VARCHAR", "A.")
    with pytest.raises(ValueError, match="twice"):
        Table("raw", "t", "T.", ("a",), (column, column))
    with pytest.raises(ValueError, match=r"key columns \['b'\]"):
        Table("raw", "t", "T.", ("b",), (column,))


def test_creating_twice_changes_nothing() -> None:
    with duckdb.connect() as con:
        for _ in range(2):
            for statement in create_all():
                con.execute(statement)
        assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (len(TABLES),)


def test_quoting_keeps_apostrophes() -> None:
    with duckdb.connect() as con:
        assert con.execute(f"SELECT {quoted(chr(39) + 'it' + chr(39))}").fetchone() == ("'it'",)


def older_database(con: duckdb.DuckDBPyConnection) -> None:
    """raw.documents as an older version had it: one column missing, one of another type, one too many."""
    con.execute("CREATE SCHEMA raw")
    columns = [c for c in table("raw.documents").columns if c.name != "encoding"]
    kinds = {c.name: "VARCHAR" if c.name == "byte_size" else c.type for c in columns}
    con.execute(f"CREATE TABLE raw.documents (colour VARCHAR, {', '.join(f'{n} {k}' for n, k in kinds.items())})")
    con.execute("INSERT INTO raw.documents (colour, document_id, byte_size) VALUES ('red', 'd1', 'many')")


def test_an_older_database_is_brought_to_the_declared_columns() -> None:
    declared = table("raw.documents")
    with duckdb.connect() as con:
        older_database(con)
        prepare(con)
        found = con.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = 'documents' "
            "AND schema_name = 'raw' ORDER BY column_index"
        ).fetchall()
        assert found == [(c.name, c.type, c.meaning) for c in declared.columns]
        rows = con.execute("SELECT document_id, byte_size, encoding FROM raw.documents").fetchall()
        assert rows == [("d1", None, None)], "what still fits is kept, what is new or retyped starts as NULL"


def test_the_gate_accepts_the_columns_of_a_migrated_database() -> None:
    expected = suite(table("raw.documents"))[0].arguments["column_list"]
    with duckdb.connect() as con:
        older_database(con)
        prepare(con)
        assert [d[0] for d in con.execute("SELECT * FROM raw.documents").description] == expected
