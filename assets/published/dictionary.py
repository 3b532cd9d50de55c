"""The data dictionary: every published table and column in Markdown, from the declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warehouse.schema.model import Column, Table


def data_dictionary(tables: Mapping[str, tuple[Table, Sequence[Column]]]) -> str:
    """One section per table: what a row is, its key, and its columns with type, meaning and bounds."""
    sections = [_section(declared, columns) for declared, columns in tables.values()]
    head = (
        "# Data dictionary\n\nDates are UTC. Offsets count Unicode code points from 0, end excluded. Unknown: NULL.\n"
    )
    return "\n".join([head, *sections])


def _section(declared: Table, columns: Sequence[Column]) -> str:
    lines = [
        f"## {declared.full_name}\n",
        f"{declared.description} Key: {', '.join(declared.key)}.\n",
        "| column | type | may be NULL | meaning |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {c.name} | {c.type} | {'yes' if c.nullable else 'no'} | {_escaped(c.meaning)} |" for c in columns]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
