"""The aggregated tables' queries: one .sql file each, run in the order in which they read one another."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from warehouse.schema import SCHEMAS, TABLES, tables_of

# What several queries must agree on, written {{name}} in them.
_SHARED = {
    "insignificant_words": "('the', 'and', 'for', 'its', 'their', 'new', 'modern', 'with', 'all')",
    "claim_id": "'cl_' || sha256(r.claim_key)[:20]",  # r is aggregated.records
}


@cache
def query(name: str) -> str:
    """The SELECT that makes `aggregated.<name>`, from `<name>.sql`, with what queries share filled in."""
    text = (files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
    for shared, sql in _SHARED.items():
        text = text.replace(f"{{{{{shared}}}}}", sql)
    return text


@cache
def dependencies(name: str) -> tuple[str, ...]:
    """The declared tables the query reads, sorted, as `schema.table`."""
    code = re.sub(r"--[^\n]*", "", query(name))
    named = set(re.findall(rf"\b(?:{'|'.join(SCHEMAS)})\.\w+", code))
    return tuple(sorted(named & TABLES.keys()))


def in_order() -> tuple[str, ...]:
    """Names of the aggregated tables, each after those it reads. Raises ValueError if they read in a circle."""
    waiting = [t.name for t in tables_of("aggregated")]
    ordered: list[str] = []
    while waiting:
        ready = [n for n in waiting if not {f"aggregated.{w}" for w in waiting} & set(dependencies(n))]
        if not ready:
            raise ValueError(f"the aggregated tables {waiting} read one another in a circle")
        ordered += ready
        waiting = [n for n in waiting if n not in ready]
    return tuple(ordered)
