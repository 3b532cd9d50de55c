"""Near-duplicate detection against a truth of altered copies: `python -m benchmarks.near_duplicates FOLDER`.

FOLDER holds near-duplicates.jsonl.gz (records with doc and text) and near-duplicates-truth.json (triples of original,
copy, kind of change). Prints precision, recall and F1 over pairs of documents and documents per second: ours
(cleaned.document_relations after `settle`, all kinds of relation), rensa alone, and datasketch if it is installed.
Outlets, dates and addresses are unknown in this benchmark, so only the text decides.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import duckdb
import polars as pl
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
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped, import-not-found, unused-ignore]

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

    def report(self, documents: int, truth: Pairs, slowest: float) -> None:
        right = len(self.found & truth)
        precision, recall = right / max(1, len(self.found)), right / len(truth)
        f1 = 2 * right / (len(self.found) + len(truth))
        print(
            f"{self.name:<12} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.4f}  "
            f"{documents / self.cpu:,.0f} documents per second of CPU time, {documents / self.wall:,.0f} by wall; "
            f"{slowest / self.cpu:.1f} times the slowest"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    with gzip.open(folder / "near-duplicates.jsonl.gz", "rt", encoding="utf-8") as handle:
        records = [json.loads(line) for line in handle]
    triples = json.loads((folder / "near-duplicates-truth.json").read_text("utf-8"))
    place = {record["doc"]: number for number, record in enumerate(records)}
    truth = {(min(place[a], place[b]), max(place[a], place[b])) for a, b, _ in triples}
    texts = [record["text"] for record in records]
    ours(loaded(texts[:10]))  # what a process does once is no part of the measure
    con = loaded(texts)
    methods = [Best("planledger", lambda: ours(con)), Best("rensa", lambda: rensa_alone(texts))]
    if importlib.util.find_spec("datasketch"):
        datasketch_alone(texts[:10])
        methods.append(Best("datasketch", lambda: datasketch_alone(texts)))
    else:
        print("datasketch is not installed")
    for _ in range(arguments.rounds):
        for method in methods:
            method.round()
    for method in methods:
        method.report(len(texts), truth, max(m.cpu for m in methods))


if __name__ == "__main__":
    main()
