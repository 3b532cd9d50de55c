"""The vocabulary in which tables are declared: `Column` and `Table`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

ENTITY = "entity"
"""What `references` says of a column that holds an entity: a reference row, or a named thing some text mentions."""

SCHEMAS = ("reference", "raw", "cleaned", "extracted", "aggregated", "ops")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table.

    `type` is a DuckDB type; `enum` the closed set of values a VARCHAR (or the items of a VARCHAR[]) may
    take; `references` names `schema.table.column` that a value (or each item of a list) must exist in, or is ENTITY.
    `minimum` and `maximum` bound numbers, inclusive. `third_party_text` marks text that belongs to its
    publisher and leaves the house only with `--publish-text`; `volatile` marks clock times and the like that
    differ between two runs over the same input and are therefore not written to a release's Parquet files.
    """

    name: str
    type: str
    description: str
    nullable: bool = True
    unit: str | None = None
    enum: tuple[str, ...] | None = None
    references: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    third_party_text: bool = False
    volatile: bool = False

    @property
    def meaning(self) -> str:
        """The description with unit, permitted values and what the column refers to, for people."""
        parts = [self.description]
        if self.unit:
            parts.append(f"Unit: {self.unit}.")
        if self.enum:
            parts.append("One of " + ", ".join(self.enum) + ".")
        if self.references == ENTITY:
            parts.append("Refers to a row of reference.*, or to extracted.entity_mentions.entity_id.")
        elif self.references:
            parts.append(f"Refers to {self.references}.")
        return " ".join(parts)

    def required(self) -> Column:
        """The same column, not nullable."""
        return replace(self, nullable=False)

    def but(self, description: str) -> Column:
        """The same column, described for the table it stands in."""
        return replace(self, description=description)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its key and its columns, in order.

    `evidence` tables carry the evidence columns, whose offsets are checked against `cleaned.documents.text`.
    `id_prefix` opens the value of a generated key, so that a row's table can be told from its id.
    """

    schema: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    id_prefix: str | None = None
    evidence: bool = field(default=False)

    def __post_init__(self) -> None:
        names = [c.name for c in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.full_name}: a column is declared twice")
        missing = [k for k in self.key if k not in names]
        if missing or not self.key:
            raise ValueError(f"{self.full_name}: key columns {missing} are not declared")

    @property
    def full_name(self) -> str:
        """`schema.table`, as written in SQL."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if there is none."""
        for c in self.columns:
            if c.name == name:
                return c
        raise KeyError(f"{self.full_name} has no column {name!r}")

    def published_columns(self, *, with_text: bool) -> tuple[Column, ...]:
        """The columns a release holds: no volatile ones, third parties' text only `with_text`."""
        return tuple(c for c in self.columns if not c.volatile and (with_text or not c.third_party_text))
