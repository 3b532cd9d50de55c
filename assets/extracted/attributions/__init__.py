"""Attributions: for every sentence that asserts something, who vouches for it, the origin first.

`extract` returns the rows of `extracted.attributions`. A source is named by a verb of saying and its subject, by a
phrase ("according to", "trade data showed") or by the top of the page ("Via …"); it holds for the sentences that
follow until the voice changes. Where nobody is named the article speaks itself.
"""

from __future__ import annotations

from assets.extracted.attributions.voices import Reader
from assets.extracted.document import Document, Found, Row
from warehouse.reference import Reference


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The attributions of a document: one row per source named in a sentence, else one per asserting sentence."""
    return Reader(document, reference, found).read() if document.sentences else []
