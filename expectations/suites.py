"""One suite per table: what its declaration implies, and what is written by hand in `checks.py`.

Suites are plain data; Great Expectations itself is only imported where a gate runs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from expectations.checks import CHECKS, Check
from warehouse.identity import digest
from warehouse.schema.ddl import identifier
from warehouse.schema.model import ENTITY, Column, Table

_KNOWN_ENTITIES = (
    "SELECT place_id FROM reference.places UNION SELECT person_id FROM reference.people "
    "UNION SELECT organization_id FROM reference.organizations UNION SELECT outlet_id FROM reference.outlets "
    "UNION SELECT entity_id FROM extracted.entity_mentions WHERE entity_id IS NOT NULL"
)


@dataclass(frozen=True)
class Expectation:
    """One expectation: the name of Great Expectations' class, its arguments, what it means, how much it matters.

    A failing `critical` one blocks everything downstream, `warning` and `info` are recorded only.
    """

    kind: str
    arguments: Mapping[str, Any]
    description: str
    columns: tuple[str, ...] = ()
    severity: str = field(default="critical")


def suite(declared: Table) -> tuple[Expectation, ...]:
    """Everything that must hold of a table."""
    return (*_structure(declared), *(_written(declared, c) for c in CHECKS.get(declared.full_name, ())))


def suite_name(declared: Table) -> str:
    """The table's name and a digest of its suite, so that a changed suite is known to have to run again."""
    content = repr([(e.kind, sorted(e.arguments.items()), e.severity) for e in suite(declared)])
    return f"{declared.full_name}@{digest(content)[:8]}"


def _structure(declared: Table) -> Iterator[Expectation]:
    yield Expectation(
        "ExpectTableColumnsToMatchOrderedList",
        {"column_list": list(declared.column_names)},
        "The columns are the declared ones, in order.",
    )
    yield _unique(declared)
    for column in declared.columns:
        yield from _column(declared, column)
    yield from _no_empty_text(declared)
    if declared.evidence:
        yield from _evidence(declared)


def _unique(declared: Table) -> Expectation:
    arguments: dict[str, Any]
    if len(declared.key) == 1:
        kind, arguments = "ExpectColumnValuesToBeUnique", {"column": declared.key[0]}
    else:
        kind, arguments = "ExpectCompoundColumnsToBeUnique", {"column_list": list(declared.key)}
    return Expectation(kind, arguments, f"{', '.join(declared.key)} is the key.", declared.key)


def _column(declared: Table, column: Column) -> Iterator[Expectation]:
    def expect(kind: str, description: str, **arguments: Any) -> Expectation:
        return Expectation(kind, {"column": column.name, **arguments}, f"{column.name} {description}", (column.name,))

    is_list = column.type.endswith("[]")
    if not column.nullable:
        yield expect("ExpectColumnValuesToNotBeNull", "is never NULL.")
    if column.enum and not is_list:
        yield expect("ExpectColumnValuesToBeInSet", "is one of the declared values.", value_set=list(column.enum))
    if column.minimum is not None or column.maximum is not None:
        yield expect(
            "ExpectColumnValuesToBeBetween",
            "lies between its declared bounds.",
            min_value=column.minimum,
            max_value=column.maximum,
        )
    if column.references:
        yield _reference(declared, column, is_list)


def _no_empty_text(declared: Table) -> Iterator[Expectation]:
    """Unknown is NULL, never ''; only a document may be all residue and so have no text."""
    texts = [c.name for c in declared.columns if c.type == "VARCHAR" and not c.third_party_text]
    if texts:
        failing = " OR ".join(f"{identifier(t)} = ''" for t in texts)
        yield _rows(declared, failing, "No text is empty; what is unknown is NULL.", *texts)


def _reference(declared: Table, column: Column, is_list: bool) -> Expectation:
    assert column.references is not None
    if column.references == ENTITY:
        known = _KNOWN_ENTITIES
    else:
        schema, table, target = column.references.split(".")
        known = f"SELECT {identifier(target)} FROM {schema}.{table}"
    value = f"unnest({identifier(column.name)})" if is_list else identifier(column.name)
    keys = ", ".join(identifier(k) for k in declared.key)
    return Expectation(
        "UnexpectedRowsExpectation",
        {
            "unexpected_rows_query": f"SELECT {keys} FROM (SELECT {keys}, {value} AS referred FROM {{batch}}) "
            f"WHERE referred IS NOT NULL AND referred NOT IN ({known})"
        },
        f"{column.name} refers to {'a known entity' if column.references == ENTITY else column.references}.",
        (column.name,),
    )


def _evidence(declared: Table) -> Iterator[Expectation]:
    key = identifier(declared.key[0])
    yield Expectation(
        "UnexpectedRowsExpectation",
        {
            "unexpected_rows_query": f"SELECT x.{key} FROM {{batch}} AS x LEFT JOIN cleaned.documents AS d USING "
            "(document_id) WHERE d.text IS NULL OR "
            "substring(d.text, x.start_char + 1, x.end_char - x.start_char) IS DISTINCT FROM x.evidence"
        },
        "evidence is text[start_char:end_char] of its document.",
        ("evidence",),
    )
    yield Expectation(
        "UnexpectedRowsExpectation",
        {
            "unexpected_rows_query": f"SELECT x.{key} FROM {{batch}} AS x LEFT JOIN cleaned.sentences AS s USING "
            "(sentence_id) WHERE s.document_id IS DISTINCT FROM x.document_id OR x.start_char >= s.end_char"
        },
        "The evidence begins in its sentence, or in the gap before it.",
        ("sentence_id",),
    )
    for first, last in (("period_start", "period_end"), ("deadline_start", "deadline_end"), ("start_date", "end_date")):
        if first in declared.column_names:
            yield _rows(
                declared, f"({first} IS NULL) <> ({last} IS NULL) OR {first} > {last}",
                f"{first} and {last} are both known or both unknown, and in order.", first,
            )  # fmt: skip


def _rows(declared: Table, failing: str, description: str, *columns: str, severity: str = "critical") -> Expectation:
    keys = ", ".join(identifier(k) for k in declared.key)
    condition = failing.replace("{", "{{").replace("}", "}}")  # only {batch} is a placeholder
    query = f"SELECT {keys} FROM {{batch}} WHERE {condition}"
    return Expectation("UnexpectedRowsExpectation", {"unexpected_rows_query": query}, description, columns, severity)


def _written(declared: Table, check: Check) -> Expectation:
    if check.query is None:
        return _rows(declared, check.failing, check.description, *check.columns, severity=check.severity)
    return Expectation(
        "UnexpectedRowsExpectation", {"unexpected_rows_query": check.query}, check.description, check.columns,
        check.severity,
    )  # fmt: skip
