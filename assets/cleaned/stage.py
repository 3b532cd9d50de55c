"""raw.documents into cleaned.documents, cleaned.removed_spans and cleaned.sentences, document by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import pyarrow as pa

from assets.cleaned.cuts import Cut, Left, notices_of, text_without
from assets.cleaned.html import extract
from assets.cleaned.html_head import stated_by_page
from assets.cleaned.language import language_of
from assets.cleaned.lines import Line, lines_of
from assets.cleaned.markdown import markdown_cuts, stated_by_markdown
from assets.cleaned.metadata import (
    Metadata,
    Stated,
    read_metadata,
    stated_by_record,
    stated_by_text,
    stated_outlet,
    without_site_name,
)
from assets.cleaned.outlets import outlet_index
from assets.cleaned.patterns import patterns_of
from assets.cleaned.residue import Page, find_residue
from assets.cleaned.sentences import split
from warehouse.identity import row_id
from warehouse.reference import Reference
from warehouse.schema.arrow import batch_of

INPUT_QUERY: Final = "SELECT * FROM raw.documents"
OUTPUTS: Final = ("cleaned.documents", "cleaned.removed_spans", "cleaned.sentences", "ops.quarantine")

Row = dict[str, Any]


class Cleaned(NamedTuple):
    """A document after cleaning: its metadata, its text, what was cut (raw offsets), the share that was cut."""

    metadata: Metadata
    text: str
    cuts: list[Cut]
    residue_share: float


def map_batch(batch: pa.RecordBatch, reference: Reference) -> dict[str, pa.RecordBatch]:
    """Clean a batch of raw.documents rows.

    Every document comes back as a row of cleaned.documents (with an empty text if all of it is residue), or, if
    cleaning it raised, as a row of ops.quarantine.
    """
    rows: dict[str, list[Row]] = {name: [] for name in OUTPUTS}
    for raw in batch.to_pylist():
        try:
            cleaned = clean(raw, reference)
            made = _rows(raw["document_id"], raw["content"], cleaned)
        except Exception as error:  # One unreadable page must not stop the others; it is kept in quarantine.
            rows["ops.quarantine"].append(_quarantined(raw, error))
            continue
        for name, more in made.items():
            rows[name] += more
    return {name: batch_of(name, found) for name, found in rows.items()}


def clean(raw: Mapping[str, Any], reference: Reference) -> Cleaned:
    """Clean one document, given as a row of raw.documents. Depends on the row and the reference data alone."""
    if raw["media_type"] == "text/html":
        return _clean_page(raw, reference)
    if raw["media_type"] == "text/markdown":
        return _clean_markdown(raw, reference)
    return _clean_text(raw, reference)


def _clean_text(raw: Mapping[str, Any], reference: Reference) -> Cleaned:
    lines = lines_of(raw["content"])
    stated = _both(stated_by_record(raw), stated_by_text(lines))
    return _clean_lines(raw["content"], lines, stated, raw["retrieved_at"], reference)


def _clean_markdown(raw: Mapping[str, Any], reference: Reference) -> Cleaned:
    content = raw["content"]
    marks = markdown_cuts(content)
    unmarked = Left(content, marks)
    stated = _both(stated_by_record(raw), stated_by_markdown(content))
    cleaned = _clean_lines(unmarked.text, lines_of(unmarked.text), stated, raw["retrieved_at"], reference)
    residue = [unmarked.raw(cut) for cut in cleaned.cuts]
    free = [m for m in marks if not any(c.start < m.end and m.start < c.end for c in residue)]
    return cleaned._replace(cuts=sorted([*residue, *free]))


def _clean_lines(
    content: str, lines: Sequence[Line], stated: Stated, retrieved: datetime | None, reference: Reference
) -> Cleaned:
    outlet = stated_outlet(stated, outlet_index(reference))
    residue = find_residue(content, lines, patterns_of(reference, outlet), _page(stated, outlet, reference))
    notices = notices_of(content, residue.cuts)
    metadata = read_metadata(stated, lines, notices, residue.title, retrieved, reference)
    text = text_without(content, residue.cuts)
    visible = sum(len(line.text) for line in lines)
    return Cleaned(metadata, text, residue.cuts, _share(sum(len(n.line) for n in notices), visible))


def _clean_page(raw: Mapping[str, Any], reference: Reference) -> Cleaned:
    content = raw["content"]
    index = outlet_index(reference)
    stated = _both(stated_by_record(raw), stated_by_page(content))
    stated.title = without_site_name(stated.title, index, stated.site_name)
    outlet = stated_outlet(stated, index)
    found = extract(content, patterns_of(reference, outlet), _page(stated, outlet, reference))
    metadata = read_metadata(stated, lines_of(found.text), found.notices, found.title, raw["retrieved_at"], reference)
    return Cleaned(metadata, found.text, found.cuts, _share(found.visible - found.kept, found.visible))


def _both(record: Stated, page: Stated) -> Stated:
    """The record's statements, and the page's where the record is silent."""
    return Stated(
        url=record.url or page.url,
        title=record.title or page.title,
        authors=record.authors or page.authors,
        site_name=record.site_name or page.site_name,
        published=record.published,
        published_by_page=page.published_by_page,
    )


def _page(stated: Stated, outlet: str | None, reference: Reference) -> Page:
    index = outlet_index(reference)
    names = index.names.get(outlet, ()) if outlet else ()
    return Page(stated.title, names, index.by_name.keys())


def _share(removed: int, visible: int) -> float:
    return round(min(max(removed / visible, 0.0), 1.0), 4) if visible else 0.0


def _rows(document_id: str, content: str, cleaned: Cleaned) -> dict[str, list[Row]]:
    found = cleaned.metadata
    document = {
        "document_id": document_id,
        "outlet_id": found.outlet_id,
        "url": found.url,
        "title": found.title,
        "authors": list(found.authors) or None,
        "published_on": found.published_on,
        "published_on_basis": found.published_on_basis,
        "dateline_place_id": found.dateline_place_id,
        "language": language_of(cleaned.text),
        "text": cleaned.text,
        "word_count": len(cleaned.text.split()),
        "residue_share": cleaned.residue_share,
        "reposted_from_outlet_id": found.reposted_from_outlet_id,
    }
    removed = [
        {
            "document_id": document_id,
            "start_char": cut.start,
            "end_char": cut.end,
            "kind": cut.kind,
            "text": content[cut.start : cut.end],
        }
        for cut in cleaned.cuts
    ]
    return {
        "cleaned.documents": [document],
        "cleaned.removed_spans": removed,
        "cleaned.sentences": _sentences(document_id, cleaned.text),
    }


def _sentences(document_id: str, text: str) -> list[Row]:
    return [
        {
            "sentence_id": f"{document_id}s{ordinal}",
            "document_id": document_id,
            "ordinal": ordinal,
            "paragraph": span.paragraph,
            "start_char": span.start,
            "end_char": span.end,
            "text": text[span.start : span.end],
            "in_quotation": span.in_quotation,
        }
        for ordinal, span in enumerate(split(text))
    ]


def _quarantined(raw: Mapping[str, Any], error: Exception) -> Row:
    reason = "cleaning_failed"
    return {
        "quarantine_id": row_id("qr", "cleaned", raw["document_id"], reason),
        "stage": "cleaned",
        "reason": reason,
        "detail": f"{type(error).__name__}: {error}",
        "source_uri": raw["source_uri"],
        "batch_id": raw["batch_id"],
        "document_id": raw["document_id"],
    }
