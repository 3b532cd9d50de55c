"""Reading and cleaning a source, streamed: `python benchmarks/throughput.py SOURCE ... [--batch-rows N]`.

SOURCE is what `planledger run` takes: a file, a folder, a glob or an address. Prints documents a second by processor
time and by wall clock for reading, for cleaning and for both, megabytes of text a second, and the peak of resident
memory, of which the part before the first document is given apart. One process; nothing is written.
"""

from __future__ import annotations

import argparse
import resource
import time

from assets.cleaned.stage import map_batch
from assets.raw.readers import read_source
from assets.raw.sources import discover
from warehouse.reference import load_reference
from warehouse.schema.arrow import batch_of


class Spent:
    """Processor and wall seconds spent in one part of the work."""

    def __init__(self) -> None:
        self.cpu = 0.0
        self.wall = 0.0
        self._since = (0.0, 0.0)

    def __enter__(self) -> Spent:
        self._since = (time.process_time(), time.perf_counter())
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu += time.process_time() - self._since[0]
        self.wall += time.perf_counter() - self._since[1]


def peak_megabytes() -> float:
    """The peak of resident memory so far (Linux counts it in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(name: str, documents: int, size: int, cpu: float, wall: float) -> str:
    """One line of the report."""
    return (
        f"{name:<9} {documents / cpu:9,.0f} documents per second of processor time, {documents / wall:,.0f} by wall; "
        f"{size / 1e6 / cpu:.1f} MB/s of text"
    )


def main() -> None:
    """Stream the sources through readers and cleaning, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--batch-rows", type=int, default=500)
    arguments = parser.parse_args()
    reference = load_reference()
    map_batch(batch_of("raw.documents", []), reference)
    before = peak_megabytes()
    reading, cleaning = Spent(), Spent()
    documents = size = refused = failed = 0
    for file in discover(arguments.sources):
        batches = read_source(file, batch_rows=arguments.batch_rows)
        while True:
            with reading:
                found = next(batches, None)
            if found is None:
                break
            batch, quarantined = found
            with cleaning:
                outputs = map_batch(batch, reference)
            documents += batch.num_rows
            size += sum(int(n or 0) for n in batch.column("byte_size").to_pylist())
            refused += len(quarantined)
            failed += outputs["ops.quarantine"].num_rows
    if not documents:
        print("nothing could be read")
        return
    print(f"{documents:,} documents, {size / 1e6:.1f} MB of text; {refused} not read, {failed} not cleaned")
    print(line("reading", documents, size, reading.cpu, reading.wall))
    print(line("cleaning", documents, size, cleaning.cpu, cleaning.wall))
    print(line("both", documents, size, reading.cpu + cleaning.cpu, reading.wall + cleaning.wall))
    print(f"peak memory {peak_megabytes():.0f} MB, of which {before:.0f} MB before the first document")


if __name__ == "__main__":
    main()
