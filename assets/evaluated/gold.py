"""Gold annotations: documents with every record a careful analyst takes from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.schema import tables_of

Row = dict[str, Any]
Span = tuple[int, int]

RECORD_TYPES = tuple(t.name for t in tables_of("extracted"))
REMOVED_SPANS = "removed_spans"
_ENTITY_KINDS = ("place", "person", "organization", "outlet")


class GoldError(ValueError):
    """A folder of gold annotations cannot be used."""


@dataclass(frozen=True)
class GoldDocument:
    """An annotated document: its text as received and the rows to find in it, offsets in code points.

    `stated` is what its source says of it (title, outlet, url, published_on, language). `exhaustive` names the
    tables in which everything there is has been annotated, `entity_kinds` the kinds of entity mentions of which
    that holds. `forbidden` are readings that must not be made.
    """

    name: str
    source: str
    text: str
    stated: Mapping[str, Any]
    records: Mapping[str, list[Row]]
    removed_spans: list[Row]
    forbidden: list[Row]
    exhaustive: frozenset[str]
    entity_kinds: frozenset[str]

    @property
    def is_html(self) -> bool:
        """Is the text an HTML page?"""
        return self.source.endswith((".html", ".htm"))

    def core(self, record_type: str) -> list[Row]:
        """The rows of a table that have to be found."""
        return [r for r in self.records.get(record_type, []) if not self._is_optional(record_type, r)]

    def optional(self, record_type: str) -> list[Row]:
        """The rows of a table that may be found or left out."""
        return [r for r in self.records.get(record_type, []) if self._is_optional(record_type, r)]

    def _is_optional(self, record_type: str, row: Row) -> bool:
        return bool(row.get("optional")) or not self.counts_kind(record_type, row)

    def counts_kind(self, record_type: str, row: Mapping[str, Any]) -> bool:
        """Are rows like this annotated throughout? Not so for mentions of some kinds of entity."""
        return record_type != "entity_mentions" or row.get("entity_kind") in self.entity_kinds


@dataclass(frozen=True)
class GoldSet:
    """Annotated documents in order of name, with the name of the set and a digest of all that is in it."""

    name: str
    sha256: str
    documents: tuple[GoldDocument, ...]


def load_gold(folder: Path, name: str | None = None) -> GoldSet:
    """Read the `*.json` files of a folder that hold annotations; the set's name is by default that of its path's end.

    Raises GoldError naming the folder if it holds none, or the file that is no annotation or contradicts itself.
    """
    files = sorted(folder.glob("*.json"))
    read = [found for path in files if (found := _read(path)) is not None]
    if not read:
        raise GoldError(f"{folder} holds no gold annotations (*.json files with records); name another --gold folder")
    names = [found["name"] for found in read]
    if len(set(names)) != len(names):
        raise GoldError(f"{folder} annotates {max(names, key=names.count)!r} twice")
    return GoldSet(name or _name(folder), _sha256(read), tuple(_document(found) for found in read))


def _name(folder: Path) -> str:
    return "/".join(folder.resolve().parts[-2:]).strip("/")


def _read(path: Path) -> Row | None:
    """A file's annotations with the text, which may lie beside it; None for JSON that holds no records."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or "records" not in found:
            return None
        if "text" not in found:
            found["text"] = path.with_name(f"{found['name']}.txt").read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError) as error:
        raise GoldError(f"{path} cannot be read as a gold annotation: {error}") from None
    for problem in _problems(found):
        raise GoldError(f"{path} cannot be used as a gold annotation: {problem}")
    return found


def _problems(found: Row) -> Iterator[str]:
    if not isinstance(found.get("name"), str) or not isinstance(found["text"], str):
        yield "its name or text is missing"
        return
    for record_type, rows in found["records"].items():
        if record_type not in RECORD_TYPES:
            yield f"there is no record type {record_type!r}"
        yield from (p for row in rows if (p := _misplaced(row, found["text"])))
    for row in (*found.get(REMOVED_SPANS, ()), *found.get("must_not_extract", ())):
        if problem := _misplaced(row, found["text"]):
            yield problem


def _misplaced(row: Row, text: str) -> str | None:
    start, end = row.get("start"), row.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        return f"{start}–{end} is no span of its text of {len(text)} characters"
    if "evidence" in row and row["evidence"] != text[start:end]:
        return f"the evidence at {start}–{end} is not what the text holds there"
    return None


def _document(found: Row) -> GoldDocument:
    document = found.get("document") or {}
    return GoldDocument(
        name=found["name"],
        source=found.get("source") or "",
        text=found["text"],
        stated={"url": found.get("url"), **document},
        records=found["records"],
        removed_spans=found.get(REMOVED_SPANS) or [],
        forbidden=found.get("must_not_extract") or [],
        exhaustive=frozenset(found.get("exhaustive") or ()),
        entity_kinds=frozenset(found.get("exhaustive_entity_kinds") or _ENTITY_KINDS),
    )


def _sha256(read: list[Row]) -> str:
    whole = "".join(sorted(json.dumps(found, sort_keys=True, ensure_ascii=False) for found in read))
    return hashlib.sha256(whole.encode()).hexdigest()
