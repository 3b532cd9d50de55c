"""Forms a source comes in, told by the ending of its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

LOOSE_FORMS = frozenset({"text", "markdown", "html"})
CONTAINER_FORMS = frozenset({"jsonl", "parquet", "csv", "warc"})
READABLE = ".txt .md .html .htm .jsonl .ndjson .parquet .csv .warc .wet, each also .gz or .zst"
SIDECAR_ENDING = ".meta.json"

_FORM_OF_ENDING = {
    "txt": "text",
    "md": "markdown",
    "html": "html",
    "htm": "html",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "parquet": "parquet",
    "csv": "csv",
    "warc": "warc",
    "wet": "warc",
}
_NAME = re.compile(r"(?P<stem>.+?)\.(?P<ending>[a-z]+)(?:\.(?P<compression>gz|zst))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """What a file's name says it is: its form, how it is compressed, and its name without these endings."""

    name: str
    compression: str | None
    stem: str

    @property
    def is_container(self) -> bool:
        """Does the file hold many documents?"""
        return self.name in CONTAINER_FORMS


def form_of(file_name: str) -> Form | None:
    """The form a file's name promises, None if its ending is none that is read."""
    match = _NAME.fullmatch(file_name)
    name = _FORM_OF_ENDING.get(match["ending"].lower()) if match else None
    if match is None or name is None:
        return None
    return Form(name, match["compression"].lower() if match["compression"] else None, match["stem"])
