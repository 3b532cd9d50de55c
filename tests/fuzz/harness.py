"""Coverage-guided fuzzing of readers and cleaning with atheris, for as long as one likes:

    pip install atheris
    python tests/fuzz/harness.py CORPUS_FOLDER -max_total_time=300 -max_len=8192 -timeout=10

The first byte of an input chooses the reader or the kind of page, the rest is the content. What must hold of every
input stands in `check`; inputs that break it are written to the working folder, and run again when given as argument.
"""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ENDINGS = (".txt", ".md", ".html", ".jsonl", ".csv", ".jsonl.gz", ".txt.zst", ".warc", ".wet.gz", ".parquet")
MEDIA_TYPES = ("text/plain", "text/markdown", "text/html")


@cache
def _reference() -> Any:
    from warehouse.reference import load_reference

    return load_reference()


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


def check(data: bytes) -> None:
    """Read or clean the bytes; raises AssertionError if something that must hold does not, or what the code raises."""
    if not data:
        return
    kind, content = data[0] % (len(ENDINGS) + len(MEDIA_TYPES)), data[1:]
    if kind < len(ENDINGS):
        check_reader(content, ENDINGS[kind])
    else:
        check_cleaning(content.decode("utf-8", "replace"), MEDIA_TYPES[kind - len(ENDINGS)])


def check_reader(content: bytes, ending: str) -> None:
    """Every file is read or refused: it raises nothing, and all that comes out can be cleaned."""
    from assets.raw.readers import read_source
    from assets.raw.sources import discover

    path = _folder() / f"input{ending}"
    path.write_bytes(content)
    for file in discover([str(path)]):
        for batch, _ in read_source(file):
            # One by one: a file may hold the same document twice.
            for row in range(batch.num_rows):
                check_batch(batch.slice(row, 1))


def check_cleaning(content: str, media_type: str) -> None:
    """Clean one document of any content."""
    from warehouse.identity import document_id
    from warehouse.schema.arrow import batch_of

    row = {
        "document_id": document_id(None, content),
        "source_uri": "input",
        "batch_id": "fuzz",
        "media_type": media_type,
        "byte_size": len(content.encode()),
        "sha256": "0" * 64,
        "content": content,
    }
    check_batch(batch_of("raw.documents", [row]))


def check_batch(batch: Any) -> None:
    """Nothing raises in cleaning, every document comes back, and every offset points at what it says."""
    from assets.cleaned.stage import map_batch

    contents = dict(zip(batch.column("document_id").to_pylist(), batch.column("content").to_pylist(), strict=True))
    found = {name: rows.to_pylist() for name, rows in map_batch(batch, _reference()).items()}
    assert not found["ops.quarantine"], found["ops.quarantine"]
    texts = {row["document_id"]: row["text"] for row in found["cleaned.documents"]}
    assert texts.keys() == contents.keys()
    ends = dict.fromkeys(contents, 0)
    for span in found["cleaned.removed_spans"]:
        content = contents[span["document_id"]]
        assert content[span["start_char"] : span["end_char"]] == span["text"] != ""
        assert ends[span["document_id"]] <= span["start_char"], "cuts overlap or are out of order"
        ends[span["document_id"]] = span["end_char"]
    ends = dict.fromkeys(contents, 0)
    for sentence in found["cleaned.sentences"]:
        text, last = texts[sentence["document_id"]], ends[sentence["document_id"]]
        assert text[sentence["start_char"] : sentence["end_char"]] == sentence["text"] == sentence["text"].strip()
        assert not text[last : sentence["start_char"]].strip(), "text between two sentences"
        ends[sentence["document_id"]] = sentence["end_char"]
    assert all(not texts[document][end:].strip() for document, end in ends.items()), "text after the last sentence"


def main() -> None:
    """Run atheris over `check` with libFuzzer's own arguments."""
    import atheris  # type: ignore[import-not-found, unused-ignore]

    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["assets", "warehouse"]):
        import assets.cleaned.stage
        import assets.raw.readers
        import assets.raw.sources  # noqa: F401
    check_cleaning("warm up", "text/plain")
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
