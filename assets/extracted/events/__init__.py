"""extracted.events: meetings, visits, ceremonies, launches, speeches and releases that a text reports."""

from __future__ import annotations

from assets.extracted.document import Document, Found, Row
from assets.extracted.events.report import Report
from assets.extracted.events.rows import rows_of, with_late_days
from assets.extracted.events.scenes import may_report, scenes_of
from warehouse.reference import Reference


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """Events as rows of extracted.events without key and evidence.

    Only what is reported as having happened in the DPRK's planning cycle or economy (and releases of figures about
    it): no plans, anniversaries or headlines. Dates are NULL where neither sentence nor report gives one.
    """
    report = Report(document, reference, found)
    rows: list[Row] = []
    for sentence, tried in may_report(document):
        text = document.sentence_text(sentence)
        for scene in scenes_of(text, sentence, tried, report):
            rows += rows_of(text, sentence, scene, report, found)
    return with_late_days(document, rows, report) if rows else rows
