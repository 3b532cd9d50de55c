"""Records and sidecars into rows of `raw.documents`, by the names in synonyms.toml."""

from __future__ import annotations

import ast
import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_SYNONYMS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8")
)
_FOR_EVERY_RECORD = frozenset(_SYNONYMS["sidecar"]["for_every_record"])
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ARCHIVE_TIMESTAMP = re.compile(r"\d{14}")
_LIST_LITERAL = re.compile(r"\s*\[.*\]\s*", re.DOTALL)
_POINTER = re.compile(r"[^\s\x00-\x1f\x7f#]{1,200}")


@dataclass(frozen=True, slots=True)
class Record:
    """A record's fields, where it is (`#L17`, `#3`), how to speak of it, and the charset it was decoded from."""

    fields: dict[str, Any]
    pointer: str
    name: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a record states: values by column of `raw.documents`, its text, its id and every field not used.

    `text` is NULL if there is no field of text that holds a string; `is_html` if it was stated as HTML.
    """

    values: dict[str, Any]
    text: str | None
    is_html: bool
    identifier: str | None
    extra: dict[str, Any]


@cache
def _columns() -> dict[str, tuple[str, int]]:
    """Column and rank of every synonym, rank 0 first."""
    groups = {**_SYNONYMS["columns"], **_SYNONYMS["content"]}
    return {name: (column, rank) for column, names in groups.items() for rank, name in enumerate(names)}


@lru_cache(maxsize=4096)
def _known(key: str) -> tuple[str, int] | None:
    return _columns().get(key.strip().lower().replace(" ", "_").replace("-", "_"))


def is_text_name(key: str) -> bool:
    """Is this a name under which records state their text?"""
    known = _known(key)
    return known is not None and known[0] in _SYNONYMS["content"]


def stated(record: Mapping[str, Any]) -> Stated:
    """Reads a record by the synonyms. Nothing is dropped: what is no value of a column is in `extra`."""
    values: dict[str, Any] = {}
    extra = dict(record)
    candidates = sorted((known[1], key, known[0]) for key in record if (known := _known(key)))
    for _, key, column in candidates:
        if column in values and (column != "text" or values[column].strip()):
            continue
        value, rest = _READ[column](record[key])
        if value is not None:
            values[column] = value
            extra.pop(key)
            if rest is not None:
                extra[key] = rest
    text, html = values.pop("text", None), values.get("html")
    if text is None or (html is not None and not text.strip()):
        text, is_html = html, html is not None
    else:
        is_html = False
        if html is not None:
            extra |= {key: record[key] for _, key, column in candidates if column == "html"}
    values.pop("html", None)
    return Stated(values, text, is_html, _identifier(record), _without_nothing(extra))


def _identifier(record: Mapping[str, Any]) -> str | None:
    for name in _SYNONYMS["identifier"]["names"]:
        value = record.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and _POINTER.fullmatch(str(value)):
            return str(value)
    return None


def _without_nothing(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in extra.items() if v is not None and v != "" and not _is_nan(v)}


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def with_sidecar(record: Stated, sidecar: Stated | None, *, many: bool) -> Stated:
    """The record with what its file's sidecar adds; what the record says itself wins.

    For a file of `many` records the sidecar speaks about the file: only what synonyms.toml lists holds for every
    record, the rest is in `extra` under `sidecar`. Nothing that is overruled is lost: it is there too.
    """
    if sidecar is None:
        return record
    kept = {k: v for k, v in sidecar.values.items() if not many or k in _FOR_EVERY_RECORD}
    overruled = {k: v for k, v in sidecar.values.items() if k not in kept or record.values.get(k, v) != v}
    if sidecar.text is not None:
        overruled["text"] = sidecar.text
    if many:
        overruled |= sidecar.extra
    extra = {**({} if many else sidecar.extra), **record.extra, **({"sidecar": overruled} if overruled else {})}
    return Stated({**kept, **record.values}, record.text, record.is_html, record.identifier, extra)


def as_json(extra: Mapping[str, Any]) -> str | None:
    """The fields as a JSON object, None if there are none; dates in ISO notation, bytes as text or hex."""
    if not extra:
        return None
    try:
        text = json.dumps(extra, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        text = json.dumps(_without_nan(extra), ensure_ascii=False, default=_plain)
    return text if text.isascii() or _is_encodable(text) else json.dumps(json.loads(text))


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    return str(value)


def _without_nan(value: Any) -> Any:
    """JSON has no NaN and no infinity: they are written as words."""
    if isinstance(value, Mapping):
        return {k: _without_nan(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(v) for v in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


Reading = tuple[Any, Any]  # the usable value, and what of the field is left over
_NOTHING: Reading = (None, None)


def _read_text(value: Any) -> Reading:
    """A string as it is; a list of strings is read as paragraphs."""
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return "\n\n".join(value), None
    return (value, None) if isinstance(value, str) else _NOTHING


def _read_name(value: Any) -> Reading:
    if isinstance(value, str):
        return value.strip() or None, None
    if isinstance(value, date):
        return value.isoformat(), None
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and not _is_nan(value)
    return (str(value), None) if is_number else _NOTHING


def _read_outlet(value: Any) -> Reading:
    """An address is no outlet's name: `source` often holds one."""
    return _NOTHING if isinstance(value, str) and _ADDRESS.match(value.strip()) else _read_name(value)


def _read_url(value: Any) -> Reading:
    """An address, or the first of a list, also of one written as a string."""
    items = _items(value)
    if items is None:
        return (value.strip() or None, None) if isinstance(value, str) else _NOTHING
    first = next((i.strip() for i in items if isinstance(i, str) and i.strip()), None)
    return first, (items if len(items) > 1 else None)


def _read_authors(value: Any) -> Reading:
    """Names of a list, or one string; only a semicolon separates names in a string beyond doubt."""
    items = _items(value)
    if items is None:
        items = value.split(";") if isinstance(value, str) else []
    names = [i.get("name") if isinstance(i, Mapping) else i for i in items]
    usable = [n.strip() for n in names if isinstance(n, str) and n.strip()]
    is_whole = len(usable) == len(items) and not any(isinstance(i, Mapping) for i in items)
    return (usable or None), (None if is_whole or not usable else value)


def _read_time(value: Any) -> Reading:
    moment = value if isinstance(value, date) else parsed_time(value) if isinstance(value, str) else None
    if moment is None:
        return _NOTHING
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return _utc(moment), None


def parsed_time(value: str) -> datetime | None:
    """A date or time in ISO 8601 or a web archive's 14 digits as UTC without zone, else None."""
    value = value.strip()
    try:
        if _ARCHIVE_TIMESTAMP.fullmatch(value):
            return datetime.strptime(value, "%Y%m%d%H%M%S")
        return _utc(datetime.fromisoformat(value))
    except ValueError:
        return None


def _utc(moment: datetime) -> datetime | None:
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return None


def _items(value: Any) -> list[Any] | None:
    """The items of a list, also of one written as a string ("['a', 'b']"); None if it is no list."""
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str) or len(value) > 100_000 or not _LIST_LITERAL.fullmatch(value):
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            items = parse(value)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return items if isinstance(items, list) else None
    return None


_READ = {
    "source_url": _read_url,
    "source_title": _read_name,
    "source_authors": _read_authors,
    "source_outlet": _read_outlet,
    "source_published_at": _read_name,
    "source_language": _read_name,
    "retrieved_at": _read_time,
    "text": _read_text,
    "html": _read_text,
}


def broken_strings(values: Iterable[Any]) -> bool:
    """Does any string hold half a surrogate pair, which no encoding can write?"""
    return any(not _is_encodable(v) for v in values if isinstance(v, str))
