"""JSON lines: one object per line, each a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assets.raw.decoding import decode
from assets.raw.lines import as_utf8, numbered_lines
from assets.raw.problems import Limits, Problem, ReadError
from assets.raw.records import Record

_KINDS = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "a truth value"}


def json_records(chunks: Iterator[bytes], limits: Limits) -> Iterator[Record | Problem]:
    """Records and problems in the order of the lines, numbered from 1. Raises ReadError where the stream ends badly,
    or if the file as a whole is no JSON lines file."""
    seen_object = False
    for number, line in numbered_lines(as_utf8(chunks), limits.line_bytes):
        pointer = f"#L{number}"
        if line is None:
            yield limits.too_large(f"Line {number}", pointer)
            continue
        bare = line.strip()
        if not bare:
            continue
        if not seen_object:
            _refuse_other_layouts(bare)
            seen_object = bare.startswith(b"{")
        yield _record(bare, number)


def _refuse_other_layouts(line: bytes) -> None:
    if line in (b"[", b"{"):
        raise ReadError("not_what_ending_says", "The file is JSON spread over several lines, not one object per line.")
    if line.startswith(b"<"):
        raise ReadError("not_what_ending_says", "The file's ending says JSON lines, but it begins with markup.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a key that it holds several times the first value keeps the name, the others are numbered."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found.clear()
    for key, value in pairs:
        name, number = key, 1
        while name in found:
            number += 1
            name = f"{key}_{number}"
        found[name] = value
    return found


def _record(line: bytes, number: int) -> Record | Problem:
    pointer = f"#L{number}"
    try:
        text, encoding = line.decode(), "utf-8"
    except UnicodeDecodeError:
        try:
            text, encoding = decode(line)
        except ReadError as error:
            return Problem("undecodable", f"Line {number}: {error.problem.detail}", pointer)
    try:
        value: Any = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return Problem("bad_record", f"Line {number} is no valid JSON.", pointer)
    if not isinstance(value, dict):
        return Problem("bad_record", f"Line {number} is {_KINDS.get(type(value), 'null')}, not an object.", pointer)
    return Record(value, pointer, f"Line {number}", encoding)
