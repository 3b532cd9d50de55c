"""extracted.budget_lines: the percentages of the state budget report, with what each of them compares with."""

from __future__ import annotations

from assets.extracted.budget_lines.figures import figures_of
from assets.extracted.budget_lines.same import repeated
from assets.extracted.budget_lines.sentence import Context, lines_of
from assets.extracted.budget_lines.tables import tables_of
from assets.extracted.budget_lines.words import about_state_budget, concerns_budget, has_budget_money
from assets.extracted.document import Document, Found, Row
from warehouse.reference import Reference

_NEAR = 2
"""How many sentences after a budget line its report is taken to go on without a word for money."""


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:  # noqa: ARG001
    """Budget lines as rows of extracted.budget_lines without key and evidence.

    Only the DPRK's state budget: a document that does not speak of it gives none. A figure whose item, measure or
    place in a list cannot be settled gives none either.
    """
    if not ("udget" in document.text or "evenue" in document.text) or not about_state_budget(document):
        return []
    context = Context(document.published_on.year if document.published_on else None)
    rows: list[Row] = []
    for sentence in document.sentences:
        text = document.sentence_text(sentence).replace("‘", "’")
        near = context.last_sentence is not None and sentence.ordinal - context.last_sentence <= _NEAR
        if not concerns_budget(text):
            continue
        if not figures_of(text):
            context.hear(text)
            continue
        made = lines_of(text, context) if near or has_budget_money(text) else []
        made += repeated(text, made or rows[-1:], context)
        if made:
            context.last_sentence = sentence.ordinal
        for row in made:
            row["start_char"] += sentence.start
            row["end_char"] += sentence.start
        rows += made
    return rows + tables_of(document, context)
