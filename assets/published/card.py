"""The dataset card that lies beside a release's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warehouse.schema import table

_HEAD = """# Planledger {version}

What was planned in North Korea's economy, by whom, for when; what was reported done; who says so, and how many
independent sources stand behind it. Made from {documents} documents. Every extracted row names the document, the
characters (`start_char`, `end_char`, code points of the cleaned text) and the rule it was read by.

- `SHA256SUMS` and `manifest.json` hold the checksum, rows and columns of every file; `planledger verify` checks them.
- `data_dictionary.md` says what every column means.
- Publishers' full texts are {texts}.
- Place data: GeoNames and openadmindata, CC BY 4.0. Facts and figures belong to nobody; texts to their publishers.

| table | rows | one row is |
| --- | --- | --- |
"""


def dataset_card(manifest: Mapping[str, Any]) -> str:
    """README.md of a release, from its manifest."""
    head = _HEAD.format(
        version=manifest["version"],
        documents=manifest["input"]["documents"],
        texts="included" if manifest["with_text"] else "not included",
    )
    rows = (f"| {n} | {e['rows']} | {table(n).description} |\n" for n, e in manifest["files"].items())
    return head + "".join(rows)
