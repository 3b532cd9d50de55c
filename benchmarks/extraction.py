"""Measure extraction beside peers, on the same documents, one process on one core, by processor time.

    python benchmarks/extraction.py FOLDER [--texts FILE ...] [--documents N] [--profile]

FOLDER holds the public benchmark files (quantities-newsquant-*, dates-quantities-meantime-*, quotations-polnear-*).
Speed is measured on the documents of --texts (anything `planledger run` reads), else on the texts of those files. Our
side is the pipeline's: documents as cleaning leaves them, prepared and scanned as the stage does it, and the
extractors of the five kinds of mention in the stage's order. Cutting texts into sentences belongs to cleaning; it is
timed too and counted as ours. Peers get the same cleaned texts; since they are slow, a random sample of N, on which we
are timed as well. "Same kind" compares a peer with what of ours finds the same, and what that needs.
"""

# ruff: noqa: E402
from __future__ import annotations

import os

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[_threads] = "1"

import argparse
import cProfile
import pstats
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import peers
import pyarrow as pa
import quantities_dates
import quotations
from peers import PEERS, PLAIN, Text

from assets.cleaned.sentences import split
from assets.cleaned.stage import map_batch
from assets.extracted.document import Document, Extractor, Found, Row
from assets.extracted.extractors import EXTRACTORS
from assets.extracted.stage import INPUT_QUERY, documents_of, extract
from assets.raw.readers import read_source
from assets.raw.sources import discover
from orchestration.engine import collect_rarely
from warehouse.reference import Reference, load_reference

KINDS = ("entity_mentions", "dates", "quantities", "quotations", "attributions")
NEEDED = {
    "spaCy entities": ("entity_mentions",),
    "dateparser dates": ("dates",),
    "quantulum3 quantities": ("dates", "quantities"),
    "textacy quotations": ("entity_mentions", "quotations"),
    "all four": KINDS,
}
"""What of ours finds the same as a peer, with the extractors it builds on."""
BATCH = 500
WANTED = 100
"""How many times as fast as all peers together we want to be."""
TARGETS = {
    "NewsQuant value": 90.0,
    "NewsQuant value and unit": 80.0,
    "MEANTIME quantity spans": 92.0,
    "MEANTIME date values": 82.0,
    "PolNeAR quotation spans, precision": 95.0,
    "PolNeAR quotation spans, recall": 98.0,
    "PolNeAR speakers, end to end": 78.0,
}
Spent = dict[str, float]


def cleaned(sources: Sequence[str], reference: Reference) -> pa.Table:
    """The English documents of the sources as the extracted stage gets them."""
    tables: dict[str, list[pa.RecordBatch]] = {"cleaned.documents": [], "cleaned.sentences": []}
    for file in discover(sources):
        for batch, _ in read_source(file):
            outputs = map_batch(batch, reference)
            for name, batches in tables.items():
                batches.append(outputs[name])
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA cleaned")
    for name, batches in tables.items():
        connection.register("made", pa.Table.from_batches(batches))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
    return connection.sql(f"{INPUT_QUERY} ORDER BY d.document_id").to_arrow_table().combine_chunks()


def ours(table: pa.Table, reference: Reference, kinds: Iterable[str] = KINDS) -> tuple[Spent, int]:
    """Seconds spent on each part of the work on the documents of a table, and how many rows it made."""
    spent: Spent = {"sentences": _timed(lambda: [split(t.as_py()) for t in table.column("text")])[0]}
    extractors = {name: _clocked(name, EXTRACTORS[name], spent) for name in EXTRACTORS if name in set(kinds)}
    rows = 0
    for batch in table.to_batches(max_chunksize=BATCH):
        seconds, documents = _timed(lambda batch=batch: documents_of(batch))
        _add(spent, "preparation", seconds)
        for document in documents:
            rows += sum(len(r) for r in extract(document, reference, extractors).values())
    return spent, rows


def _clocked(name: str, extractor: Extractor, spent: Spent) -> Extractor:
    """The extractor, its time added to what was spent."""

    def run(document: Document, reference: Reference, found: Found) -> list[Row]:
        seconds, rows = _timed(lambda: [*extractor(document, reference, found)])
        _add(spent, name, seconds)
        return rows

    return run


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def _add(spent: Spent, name: str, seconds: float) -> None:
    spent[name] = spent.get(name, 0.0) + seconds


def usual(rounds: int, work: Callable[[], tuple[Spent, int]]) -> tuple[Spent, int]:
    """The round in the middle."""
    return sorted((work() for _ in range(rounds)), key=lambda r: sum(r[0].values()))[rounds // 2]


def shares(table: pa.Table, reference: Reference, rounds: int) -> None:
    """Print where our time goes: on mentions, and on the records made of them."""
    spent, _ = usual(rounds, lambda: ours(table, reference, EXTRACTORS))
    count, whole = table.num_rows, sum(spent.values())
    records = sum(seconds for name, seconds in spent.items() if name in EXTRACTORS and name not in KINDS)
    print(f"\nWhere our time goes ({count:,} documents)")
    for name, seconds in (*spent.items(), ("mentions, in all", whole - records), ("records, in all", records)):
        print(f"  {name:17} {1e6 * seconds / count:7,.0f} microseconds  {seconds / whole:5.0%}")


def beside_peers(table: pa.Table, reference: Reference, rounds: int) -> None:
    """Print documents a second of each peer and of ours on the same documents."""
    texts = [Text(t, d) for t, d in zip(*(table.column(c).to_pylist() for c in ("text", "published_on")), strict=True)]
    size = sum(len(t.text) for t in texts) / len(texts)
    print(f"\n{len(texts):,} documents of {size:,.0f} characters on average; documents a second and our ratio")
    print(f"  {'':22} {'peer':>8} {'ours, same kind':>16} {'ratio':>7} {'ours, five kinds':>17} {'ratio':>7}")
    for called, settings in ((PEERS, "with the settings that serve them best"), (PLAIN, "called without settings")):
        print(f"  peers {settings}:")
        for name, work in called.items():
            theirs, same, all_kinds = in_turns(work, NEEDED[name], texts, table, reference, rounds)
            print(
                f"  {name:22} {len(texts) / theirs:8,.1f} {len(texts) / same:16,.0f} {theirs / same:6,.0f}x"
                f" {len(texts) / all_kinds:17,.0f} {theirs / all_kinds:6,.0f}x"
            )
        ratio = theirs / all_kinds
        verdict = "met" if ratio >= WANTED else "NOT MET"
        print(f"  five kinds against all four, {settings}: {ratio:,.0f}x, wanted {WANTED}x: {verdict}")


def in_turns(
    work: Callable[[Sequence[Text]], int],
    kinds: Sequence[str],
    texts: Sequence[Text],
    table: pa.Table,
    reference: Reference,
    rounds: int,
) -> tuple[float, float, float]:
    """Seconds that a peer, our extractors of its kinds, and all of ours take for the documents. The peer works on a
    part of them, then ours on all, and so on, and ours are the mean of the rounds: a machine that others use meanwhile
    is as slow for the one as for the other."""
    work(texts[:3])
    theirs = same = everything = 0.0
    for part in range(rounds):
        theirs += _timed(partial(work, texts[part::rounds]))[0]
        same += sum(ours(table, reference, kinds)[0].values()) / rounds
        everything += sum(ours(table, reference)[0].values()) / rounds
    return theirs, same, everything


def accuracy(folder: Path, reference: Reference) -> None:
    """Print what we and the peers score on the annotated benchmarks of a folder."""
    print(f"\n{'Accuracy':36} {'ours':>36}   {'wanted':>6}   peer")
    for path in sorted(folder.glob("quantities-newsquant-*.jsonl.gz")):
        mine = quantities_dates.newsquant(path, reference)
        theirs = quantities_dates.newsquant(path, reference, read=peers.quantities)
        _scores(mine, theirs, dict.fromkeys(mine, "quantulum3"))
    for path in sorted(folder.glob("dates-quantities-meantime-*.jsonl.gz")):
        mine = quantities_dates.meantime(path, reference)
        theirs = quantities_dates.meantime(path, reference, read=lambda t, d: (peers.dates(t, d), peers.quantities(t)))
        _scores(mine, theirs, dict(zip(mine, ("quantulum3", "dateparser"), strict=True)))
    _quoted(folder, reference)


def _scores(mine: quantities_dates.Scores, theirs: quantities_dates.Scores, names: dict[str, str]) -> None:
    for what, counts in mine.items():
        hit, predicted, gold = counts
        score = 200 * hit / max(predicted + gold, 1)
        print(f"{what:30} {quantities_dates.f1(counts)}   {_wanted(what, score)}   {names[what]}: ", end="")
        print(quantities_dates.f1(theirs[what]))


def _wanted(what: str, score: float) -> str:
    return f"{TARGETS[what]:.0f} {'met' if score >= TARGETS[what] else 'NOT MET'}"


def _quoted(folder: Path, reference: Reference) -> None:
    """Print the figures of quotations."""
    loaded = quotations.articles(folder)
    extractor = EXTRACTORS["quotations"]
    mine = [extractor(quotations.document_of(a), reference, {}) for a in loaded]
    theirs = peers.quotations(a["text"] for a in loaded)
    refused = sum(r is None for r in theirs)
    us, them = (_quotation_figures(loaded, rows) for rows in (mine, [r or [] for r in theirs]))
    for what, score in us.items():
        print(f"{what:36} {score:5.1f}   {_wanted(what, score)}   textacy: {them[what]:.1f}")
    print(f"textacy refuses {refused} of {len(loaded)} documents for an odd number of quotation marks")


def _quotation_figures(loaded: Sequence[dict[str, Any]], found: Sequence[Any]) -> dict[str, float]:
    totals = [quotations.measure(a, quotations.counted(a, r), []) for a, r in zip(loaded, found, strict=True)]
    gold, predicted, matched, right = (sum(column) for column in zip(*totals, strict=True))
    return {
        "PolNeAR quotation spans, precision": 100 * matched / predicted,
        "PolNeAR quotation spans, recall": 100 * matched / gold,
        "PolNeAR speakers, end to end": 100 * right / gold,
    }


def profile(table: pa.Table, reference: Reference) -> None:
    """Print the functions of ours that take most."""
    profiler = cProfile.Profile()
    profiler.runcall(ours, table, reference)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


def main() -> None:
    """Measure speed, then accuracy."""
    arguments = _arguments()
    reference = load_reference()
    collect_rarely()  # as the stage's workers do; the peers gain by it as well
    sources = arguments.texts or [str(p) for p in sorted(arguments.folder.glob("*-*-*.jsonl.gz"))]
    table = cleaned(sources, reference)
    chosen = random.Random(arguments.seed).sample(range(table.num_rows), min(arguments.documents, table.num_rows))
    sample = table.take(sorted(chosen)).combine_chunks()
    ours(sample, reference)
    if arguments.profile:
        profile(sample, reference)
    print(f"{', '.join(Path(s).name for s in sources)}: {table.num_rows:,} English documents")
    spent, rows = usual(1, lambda: ours(table, reference))
    print(f"ours on all of them: {table.num_rows / sum(spent.values()):,.0f} documents a second, {rows:,} rows")
    shares(sample, reference, arguments.rounds)
    beside_peers(sample, reference, arguments.rounds)
    accuracy(arguments.folder, reference)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", nargs="+", help="documents to measure speed on")
    parser.add_argument("--documents", type=int, default=200, help="how many of them peers are measured on")
    parser.add_argument("--seed", type=int, default=1, help="of the random sample")
    parser.add_argument(
        "--rounds", type=int, default=5, help="of ours: the middle one for shares, the mean beside peers"
    )
    parser.add_argument("--profile", action="store_true", help="print our slowest functions too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
