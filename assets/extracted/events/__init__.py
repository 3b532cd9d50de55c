"""extracted.events: meetings, visits, ceremonies, launches, speeches and releases that a text reports."""

from __future__ import annotations

import re

from assets.extracted.document import Document, Found, Row
from assets.extracted.events.rows import rows_of, with_late_days
from assets.extracted.events.scenes import Report, Scene, scenes_of
from warehouse.reference import Reference

_ANY = re.compile(
    r"[Ss]ession|SESSION|[Cc]ongress|[Pp]len(?:ary|um)|[Pp]olitical [Bb]ureau|[Pp]olitburo|[Cc]abinet|conference|"
    r"[Gg]uidance|Kim Jong|[Cc]eremon|roke|inaugurated|commissioned|[Ll]aunch|fired|released|published|issued|public|"
    r"announced|[Ss]peech|[Aa]ddress|[Rr]eport|[Ss]peaking|[Ll]aws?\b|[Oo]rdinance|motions|[Bb]ill|lected|ppointed|recalled|"
    r"relieved|dismissed|removed|onfirmed|named|transferred|promoted|parliament|legislature"
)
"""A cheap search: a document without any of these reports no event."""


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """Events as rows of extracted.events without key and evidence.

    Only what is reported as having happened in the DPRK's planning cycle or economy (and releases of figures about
    it): no plans, anniversaries or headlines. Dates are NULL where neither sentence nor report gives one.
    """
    if not _ANY.search(document.text):
        return []
    report = Report(document, reference, found)
    rows: list[Row] = []
    for sentence in document.sentences:
        text = document.sentence_text(sentence)
        scenes: list[Scene] = scenes_of(text, sentence, report)
        for scene in scenes:
            rows += rows_of(text, sentence, scene, report, found)
    return with_late_days(document, rows, report)
