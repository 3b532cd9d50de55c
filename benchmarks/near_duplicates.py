"""Near-duplicate detection against a truth of altered copies: `python benchmarks/near_duplicates.py FOLDER`.

FOLDER holds near-duplicates.jsonl.gz (records with doc and text) and near-duplicates-truth.json (triples of original,
copy, kind of change). Prints precision, recall and F1 over pairs of documents and documents per second: ours
(cleaned.document_relations after `settle`, all kinds of relation), rensa alone and datasketch.
Outlets, dates and addresses are unknown in this benchmark, so only the text decides.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped, import-not-found, unused-ignore]
from rensa import RMinHash

from assets.cleaned.settle import settle
from warehouse.schema.ddl import create_all

Pairs = set[tuple[int, int]]

_PERMUTATIONS = 128
_BANDS = 64
_THRESHOLD = 0.3


def loaded(texts: Sequence[str]) -> duckdb.DuckDBPyConnection:
    """An empty warehouse with the texts in cleaned.documents."""
    con = duckdb.connect()
    for statement in create_all():
        con.execute(statement)
    pages = pl.DataFrame({"document_id": [f"{n:08}" for n in range(len(texts))], "text": texts})
    con.register("pages", pages.to_arrow())
    con.execute("INSERT INTO cleaned.documents BY NAME SELECT *, 0 AS word_count, 0 AS residue_share FROM pages")
    return con


def ours(con: duckdb.DuckDBPyConnection) -> Pairs:
    """Pairs related by `settle`; its time includes reading from and writing to the warehouse."""
    settle(con)
    rows = con.execute("SELECT document_id, related_document_id FROM cleaned.document_relations").fetchall()
    return {(min(int(a), int(b)), max(int(a), int(b))) for a, b in rows}


def _shingle_sets(texts: Sequence[str]) -> Iterator[list[str]]:
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        yield [" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))]


def _similar(digests: Sequence[Sequence[int]]) -> Pairs:
    """Pairs that share a band of their digests, and enough of the digests as a whole."""
    width = _PERMUTATIONS // _BANDS
    candidates: Pairs = set()
    for band in range(_BANDS):
        buckets: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for number, digest in enumerate(digests):
            buckets[tuple(digest[band * width : (band + 1) * width])].append(number)
        for members in buckets.values():
            candidates.update(combinations(members, 2))
    return {
        (a, b)
        for a, b in candidates
        if sum(x == y for x, y in zip(digests[a], digests[b], strict=True)) >= _THRESHOLD * _PERMUTATIONS
    }


def rensa_alone(texts: Sequence[str]) -> Pairs:
    """Rensa's MinHash in 64 bands, pairs judged by the estimated similarity."""
    digests = []
    for grams in _shingle_sets(texts):
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=42)
        sketch.update(grams)
        digests.append(sketch.digest())
    return _similar(digests)


def datasketch_alone(texts: Sequence[str]) -> Pairs:
    """Datasketch's MinHash and LSH index at the same threshold."""
    index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _PERMUTATIONS // _BANDS))
    sketches = []
    for number, grams in enumerate(_shingle_sets(texts)):
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch([g.encode() for g in grams])
        sketches.append(sketch)
        index.insert(number, sketch)
    return {
        (number, other)
        for number, sketch in enumerate(sketches)
        for other in index.query(sketch)
        if number < other and sketch.jaccard(sketches[other]) >= _THRESHOLD
    }


class Best:
    """A method's pairs, and the least time of several rounds: the one that the rest of the machine disturbed least."""

    def __init__(self, name: str, method: Callable[[], Pairs]) -> None:
        self.name = name
        self.method = method
        self.found: Pairs = set()
        self.wall = self.cpu = float("inf")

    def round(self) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        self.found = self.method()
        self.cpu = min(self.cpu, time.process_time() - cpu)
        self.wall = min(self.wall, time.perf_counter() - wall)

    def report(self, documents: int, truth: Pairs, other: Best) -> None:
        right = len(self.found & truth)
        precision, recall = right / max(1, len(self.found)), right / len(truth)
        f1 = 2 * right / (len(self.found) + len(truth))
        print(
            f"  {self.name:<18} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.4f}  "
            f"{documents / self.cpu:,.0f} documents per second of processor time, "
            f"{documents / self.wall:,.0f} by wall; "
            f"{other.cpu / self.cpu:.1f} and {other.wall / self.wall:.1f} times {other.name}"
        )


def read_texts(folder: Path) -> list[dict[str, Any]]:
    """The benchmark's records, with doc and text."""
    with gzip.open(folder / "near-duplicates.jsonl.gz", "rt", encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def report(folder: Path, rounds: int = 3) -> None:
    """Print how every method fares; they take turns, so that a busy machine slows them alike."""
    records = read_texts(folder)
    triples = json.loads((folder / "near-duplicates-truth.json").read_text("utf-8"))
    place = {record["doc"]: number for number, record in enumerate(records)}
    truth = {(min(place[a], place[b]), max(place[a], place[b])) for a, b, _ in triples}
    texts = [record["text"] for record in records]
    ours(loaded(texts[:10]))  # what a process does once is no part of the measure
    datasketch_alone(texts[:10])
    con = loaded(texts)
    methods = [
        Best("ours", lambda: ours(con)),
        Best("rensa", lambda: rensa_alone(texts)),
        Best("datasketch", lambda: datasketch_alone(texts)),
    ]
    for _ in range(rounds):
        for method in methods:
            method.round()
    for method in methods:
        method.report(len(texts), truth, methods[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    report(arguments.folder, arguments.rounds)


if __name__ == "__main__":
    main()
