"""Measure quotation extraction on news articles with annotated quotations.

Usage: python benchmarks/quotations.py FOLDER [--errors N]

FOLDER holds `quotations-polnear-*.jsonl.gz`: per line `text` and `quotations`, each with `spans` (passages of three
words or more in “ ” or " " marks), `source` and `cue` spans. What is compared:

- spans: direct quotations of three words or more in double marks against annotated spans, one to one, where at least
  half of the shorter lies in the other; single quotation marks are not annotated there and left out.
- speaker, end to end: of all annotated spans with a source, how many are found with a speaker whose words as written
  share the source's head: the same text, one within the other, or the same last name.
- documents per second of processor time on one core, extraction only (sentences are split before).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from pathlib import Path
from typing import Any

import polars as pl

from assets.cleaned.sentences import split
from assets.extracted import quotations
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.scan import scan
from warehouse.reference import load_reference

Span = tuple[int, int]


def articles(folder: Path) -> list[dict[str, Any]]:
    """The annotated articles in a folder; raises FileNotFoundError if there are none."""
    paths = sorted(folder.glob("quotations-polnear-*.jsonl.gz"))
    if not paths:
        raise FileNotFoundError(f"{folder} holds no quotations-polnear-*.jsonl.gz")
    return [json.loads(line) for path in paths for line in gzip.open(path, "rt", encoding="utf-8")]


def document_of(article: dict[str, Any]) -> Document:
    """An article as a cleaned document."""
    text = article["text"]
    sentences = split(text)
    fired = scan(pl.Series([text[s.start : s.end] for s in sentences], dtype=pl.String))
    made = [
        Sentence(f"s{i}", i, s.paragraph, s.start, s.end, s.in_quotation, scans)
        for i, (s, scans) in enumerate(zip(sentences, fired, strict=True))
    ]
    return Document(article["name"], text, None, None, None, None, None, "en", made)


def overlaps(a: Span, b: Span) -> bool:
    """Whether half of the shorter span lies in the other."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared > 0 and 2 * shared >= min(a[1] - a[0], b[1] - b[0])


def same_speaker(surface: str | None, source: str) -> bool:
    """Whether a speaker as written is the annotated one."""
    if not surface:
        return False
    a, b = _plain(surface), _plain(source)
    if a in b.split() or b in a.split() or ((a in b or b in a) and min(len(a), len(b)) > 3):
        return True
    names = [set(re.findall(r"[A-Z][\w-]+", s)) for s in (surface, source)]
    return a == b or bool(names[0] & names[1] - {"The", "Sen", "Rep", "Gov", "Mr", "Ms", "Mrs", "Dr", "President"})


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[’']s\b|[^\w\s]", " ", text).lower().split())


def counted(article: dict[str, Any], rows: list[Row]) -> list[Row]:
    """The rows that the annotation covers."""
    text = article["text"]
    return [
        r
        for r in rows
        if r["kind"] == "direct" and len(r["quotation"].split()) >= 3 and text[r["start_char"]] not in "‘'"
    ]


def measure(article: dict[str, Any], rows: list[Row], errors: list[str]) -> tuple[int, int, int, int]:
    """Annotated spans, predicted, matched, matched with the right speaker; appends a line per error."""
    text = article["text"]
    gold = sorted(((tuple(s), q["source"]) for q in article["quotations"] for s in q["spans"]), key=lambda g: g[0])
    free = list(rows)
    matched = right = 0
    for span, source in gold:
        row = next((r for r in free if overlaps(span, (r["start_char"], r["end_char"]))), None)
        said = " ".join(text[a:b] for a, b in source)
        if row is None:
            errors.append(f"MISSED  {text[max(0, span[0] - 80) : span[1] + 40]!r}")
            continue
        free.remove(row)
        matched += 1
        if not source or same_speaker(row["speaker_surface"], said):
            right += 1
        else:
            window = text[max(0, span[0] - 120) : span[0] + 30] + " … " + text[span[1] - 20 : span[1] + 80]
            errors.append(f"SPEAKER {row['speaker_surface']!r} not {said!r} [{row['rule']}/{row['cue']}] {window!r}")
    errors += [f"EXTRA   [{r['rule']}] {text[max(0, r['start_char'] - 80) : r['end_char'] + 30]!r}" for r in free]
    return len(gold), len(rows), matched, right


def main() -> None:
    """Print the figures, and with --errors the first errors of each sort."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--runs", type=int, default=5, help="the fastest of so many runs is reported")
    arguments = parser.parse_args()
    loaded = articles(arguments.folder)
    documents = [document_of(a) for a in loaded]
    reference = load_reference()
    quotations.extract(documents[0], reference, {})
    elapsed = []
    for _ in range(arguments.runs):
        started = time.process_time()
        extracted = [quotations.extract(d, reference, {}) for d in documents]
        elapsed.append(time.process_time() - started)
    errors: list[str] = []
    totals = [measure(a, counted(a, r), errors) for a, r in zip(loaded, extracted, strict=True)]
    gold, predicted, matched, right = (sum(column) for column in zip(*totals, strict=True))
    print(f"spans: precision {matched / predicted:.1%}, recall {matched / gold:.1%} ({gold} annotated)")
    print(f"speaker right, end to end: {right / gold:.1%}; of the spans found: {right / matched:.1%}")
    print(
        f"{len(documents) / min(elapsed):,.0f} documents a second ({sum(len(d.text) for d in documents):,} characters)"
    )
    for sort in ("MISSED", "EXTRA", "SPEAKER"):
        for line in [e for e in errors if e.startswith(sort)][: arguments.errors]:
            print(line)


if __name__ == "__main__":
    main()
