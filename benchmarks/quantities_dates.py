"""Measure quantities and dates on the public benchmarks, and their speed.

    python benchmarks/quantities_dates.py BENCH_FOLDER [--errors] [--texts FILE.jsonl.gz]

BENCH_FOLDER holds quantities-newsquant-*.jsonl.gz and dates-quantities-meantime-*.jsonl.gz. Predictions and gold are
matched one to one within a sentence (NewsQuant) or where spans overlap (MEANTIME). Not counted against a prediction:
a date on a MEANTIME expression that names no day (durations, times of day, "currently"), an amount of time there
(annotated as a duration, apart from the quantities).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assets.cleaned.sentences import split
from assets.extracted import dates, quantities
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.quantities_nouns import singular
from assets.extracted.scan import scan
from warehouse.reference import Reference, load_reference

Counts = list[int]
"""True positives, predicted, gold."""
Scores = dict[str, Counts]
"""Counts by what is scored."""
ReadAmounts = Callable[[str], list[Row]]
ReadDated = Callable[[str, date | None], tuple[list[Row], list[Row]]]
"""From a text and its day to its dates and its quantities."""
UNIT_NAMES = {
    "percent": "percentage",
    "celsius": "celsius",
    "times": "count",
    "USD": "dollar",
    "GBP": "pound sterling",
    "EUR": "euro",
    "JPY": "japanese yen",
    "pound": "pound-mass",
    "part per billion": "parts-per-billion",
    "parts per billion": "parts-per-billion",
    "person": "people",
    "revolution per minute": "revolutions per minute",
}


def document(text: str, published_on: date | None, name: str, one_sentence: bool = False) -> Document:
    """A document cut into sentences, with the scans that fire on them."""
    spans = [(0, len(text), 0)] if one_sentence else [(s.start, s.end, s.paragraph) for s in split(text)]
    fired = scan(pl.Series([text[a:b] for a, b, _ in spans], dtype=pl.String))
    sentences = [
        Sentence(f"{name}s{i}", i, p, a, b, False, hits)
        for i, ((a, b, p), hits) in enumerate(zip(spans, fired, strict=True))
    ]
    return Document(name, text, None, published_on, None, None, None, "en", sentences)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def extract(doc: Document, reference: Reference) -> tuple[list[Row], list[Row]]:
    """Date rows and quantity rows (ordinals left out), in order."""
    found = sorted(dates.extract(doc, reference, {}), key=lambda r: r["start_char"])
    rows = quantities.extract(doc, reference, {"dates": found})
    return found, [r for r in rows if r["role"] != "ordinal_excluded"]


def matched(gold: Sequence[Any], predicted: Sequence[Any], agrees: Callable[[Any, Any], bool]) -> dict[int, int]:
    """A largest one-to-one matching from gold to predicted indexes."""
    owner: dict[int, int] = {}

    def place(g: int, seen: set[int]) -> bool:
        for p, row in enumerate(predicted):
            if p not in seen and agrees(gold[g], row):
                seen.add(p)
                if p not in owner or place(owner[p], seen):
                    owner[p] = g
                    return True
        return False

    for g in range(len(gold)):
        place(g, set())
    return {g: p for p, g in owner.items()}


def f1(counts: Counts) -> str:
    """Precision, recall and F1 of [true positives, predicted, gold], in percent."""
    hit, predicted, gold = counts
    precision, recall = hit / max(predicted, 1), hit / max(gold, 1)
    score = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"P {100 * precision:5.1f}  R {100 * recall:5.1f}  F1 {100 * score:5.1f}  ({hit}/{predicted}/{gold})"


def near(a: float, b: float) -> bool:
    """Equal up to rounding."""
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


def value_agrees(gold: dict[str, str], row: Row) -> bool:
    """The value, or both ends of a range; a vague plural agrees with the low end of the range it stands for."""
    ends = [float(x) for x in re.split(r"(?<=[\d.])\s*-\s*(?=[\d.-])", gold["value"].strip())]
    value, high = row["value"], row["value_high"]
    if len(ends) == 1:
        return high is None and near(value, ends[0])
    if high is None:
        return near(value, ends[0]) and near(ends[1], ends[0] * 10)
    return near(value, ends[0]) and near(high, ends[1])


def unit_words(row: Row, names: dict[str, str]) -> str:
    """The unit of a row in the benchmark's words ("dollar per barrel")."""
    unit = row.get("counted") or row.get("currency") or row.get("unit_id") or "-"
    if row.get("measure") == "age":
        unit = "year of age"
    words = UNIT_NAMES.get(unit) or names.get(unit, unit)
    return f"{words} per {row['per']}" if row.get("per") else words


def unit_agrees(gold: dict[str, str], row: Row, names: dict[str, str]) -> bool:
    """The same unit, or for counts the same head noun."""
    wanted, got = (re.sub(r"(?<=\w)-", " ", u.lower()) for u in (gold["normalized_unit"], unit_words(row, names)))
    if wanted == got or {wanted, got} <= {"-", "count"}:
        return True
    head, other = (singular(w.split()[-1]) for w in (wanted, got))
    return row.get("counted") is not None and head == other


def newsquant(path: Path, reference: Reference, errors: bool = False, read: ReadAmounts | None = None) -> Scores:
    """Counts of value, and of value and unit; of what `read` makes of a sentence, else of what we make of it."""
    names = {r["unit_id"]: r["name"].lower() for r in reference.rows("units")}
    names |= {r["currency"]: r["name"].lower() for r in reference.rows("currencies")}
    value: Counts = [0, 0, 0]
    both: Counts = [0, 0, 0]
    for number, record in enumerate(read_lines(path)):
        gold = record["quantities"]
        sentence = document(record["text"], None, f"n{number}", one_sentence=True)
        rows = read(record["text"]) if read else extract(sentence, reference)[1]
        pairs = matched(gold, rows, value_agrees)
        strict = matched(gold, rows, lambda g, r: value_agrees(g, r) and unit_agrees(g, r, names))
        for counts, hits in ((value, pairs), (both, strict)):
            counts[0] += len(hits)
            counts[1] += len(rows)
            counts[2] += len(gold)
        if errors and (len(strict) < max(len(gold), len(rows))):
            show(record["text"], gold, rows, strict, names)
    return {"NewsQuant value": value, "NewsQuant value and unit": both}


def show(text: str, gold: list[dict[str, str]], rows: list[Row], hits: dict[int, int], names: dict[str, str]) -> None:
    """Print what was missed and what was wrong in one sentence."""
    print("-", text[:300])
    for index, item in enumerate(gold):
        if index not in hits:
            print("    missed", item["value"], "|", item["normalized_unit"])
    for index, row in enumerate(rows):
        if index not in hits.values():
            print("    got   ", row["value"], row["value_high"] or "", "|", unit_words(row, names))


def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Two spans share a character."""
    return max(a[0], b[0]) < min(a[1], b[1])


def span(row: Row) -> tuple[int, int]:
    """The offsets of a row."""
    return row["start_char"], row["end_char"]


def timex(row: Row) -> str:
    """The TIMEX3 value of a date row."""
    start, kind = row["start_date"], row["granularity"]
    if kind == "range":
        year, week, _ = start.isocalendar()
        days = (row["end_date"] - start).days
        return f"{year}-W{week:02d}{'-WE' if days == 1 else ''}" if days in {1, 6} else f"{start}/{row['end_date']}"
    return {
        "day": str(start),
        "month": f"{start:%Y-%m}",
        "quarter": f"{start.year}-Q{(start.month + 2) // 3}",
        "half": f"{start.year}-H{1 + (start.month > 6)}",
        "year": str(start.year),
        "decade": str(start.year)[:3],
    }[kind]


RESOLVED = re.compile(r"\d{3,4}|\d{4}-\d\d|\d{4}-\d\d-\d\d|\d{4}-W\d\d(-WE)?|\d{4}-[QH]\d")


def creation_date(text: str | None) -> date | None:
    """The document's date; one text prints it day first."""
    if not text:
        return None
    parts = [int(p) for p in text[:10].split("-")]
    return date(*parts) if parts[0] > 31 else date(parts[2], parts[1], parts[0])


def meantime(path: Path, reference: Reference, errors: bool = False, read: ReadDated | None = None) -> Scores:
    """Counts of spans of quantities, and of values of dates; of what `read` makes of a text, else of what we make."""
    amounts: Counts = [0, 0, 0]
    days: Counts = [0, 0, 0]
    for record in read_lines(path):
        created = creation_date(record["creation_date"])
        doc = document(record["text"], created, record["name"])
        found, rows = read(record["text"], created) if read else extract(doc, reference)
        timed = [(g["start"], g["end"]) for g in record["dates"]]
        values = outermost([(g["start"], g["end"]) for g in record["values"]])
        kept = [r for r in rows if not any(overlap(span(r), t) for t in timed)]
        count(amounts, values, kept, lambda g, r: overlap(g, span(r)), record["text"] if errors else None)
        gold = [g for g in record["dates"] if g["type"] == "DATE" and RESOLVED.fullmatch(g["value"])]
        others = [(g["start"], g["end"]) for g in record["dates"] if g not in gold]
        dated = [r for r in found if not any(overlap(span(r), o) for o in others)]
        count(days, gold, dated, date_agrees, record["text"] if errors else None)
    return {"MEANTIME quantity spans": amounts, "MEANTIME date values": days}


def outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that lie in no other."""
    every = sorted(set(spans))
    return [s for s in every if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in every)]


def date_agrees(gold: dict[str, Any], row: Row) -> bool:
    """The spans overlap and the values are the same."""
    return overlap((gold["start"], gold["end"]), span(row)) and gold["value"] == timex(row)


def count(
    counts: Counts, gold: Sequence[Any], rows: list[Row], agrees: Callable[[Any, Row], bool], text: str | None
) -> None:
    """Add to [true positives, predicted, gold]; print what differs if `text` is given."""
    hits = matched(gold, rows, agrees)
    for position, number in enumerate((len(hits), len(rows), len(gold))):
        counts[position] += number
    if text is None:
        return
    for index, item in enumerate(gold):
        if index not in hits:
            start, end = (item["start"], item["end"]) if isinstance(item, dict) else item
            told = item["value"] if isinstance(item, dict) else ""
            print(f"    missed {text[max(0, start - 40) : start]}[[{text[start:end]}]]{text[end : end + 20]} {told}")
    for index, row in enumerate(rows):
        if index not in hits.values():
            start, end = span(row)
            told = timex(row) if "granularity" in row else row["value"]
            print(f"    got    {text[max(0, start - 40) : start]}[[{text[start:end]}]]{text[end : end + 20]} {told}")


def speed(path: Path, reference: Reference) -> None:
    """Documents a second of both extractors, sentences and scans made beforehand."""
    records = read_lines(path)[:600]
    documents = [
        document(r["text"], date.fromisoformat(r["date"][:10]) if r.get("date") else None, f"d{i}")
        for i, r in enumerate(records)
    ]
    extract(documents[0], reference)
    started = time.process_time()
    for doc in documents:
        dates.extract(doc, reference, {})
    halfway = time.process_time()
    rows = sum(len(extract(doc, reference)[1]) for doc in documents)
    both = time.process_time() - halfway
    characters = sum(len(d.text) for d in documents) / len(documents)
    print(
        f"speed: dates {len(documents) / (halfway - started):,.0f} documents/s, dates and quantities "
        f"{len(documents) / both:,.0f} documents/s ({characters:,.0f} characters each, {rows} quantities)"
    )


def report(scores: Scores) -> None:
    """Print a line for each score."""
    for name, counts in scores.items():
        print(f"{name:24} {f1(counts)}")


def main() -> None:
    """Run what BENCH_FOLDER has files for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--errors", action="store_true", help="print what was missed and what was wrong")
    parser.add_argument("--texts", type=Path, help="JSON Lines with text and date to measure speed on")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    reference = load_reference()
    for path in sorted(arguments.bench.glob("quantities-newsquant-*.jsonl.gz")):
        report(newsquant(path, reference, arguments.errors))
    for path in sorted(arguments.bench.glob("dates-quantities-meantime-*.jsonl.gz")):
        report(meantime(path, reference, arguments.errors))
    if arguments.texts:
        speed(arguments.texts, reference)


if __name__ == "__main__":
    main()
