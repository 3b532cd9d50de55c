"""extracted.trade_flows: figures of trade between countries, with direction, period and whose statistics they are."""

from __future__ import annotations

import re

from assets.extracted.document import Document, Found, Row, Sentence
from assets.extracted.trade_flows.figures import Figure, figure_of
from assets.extracted.trade_flows.flows import Direction, Flow, flows_of
from assets.extracted.trade_flows.setting import Setting, period_of, reporter_of
from warehouse.reference import Reference

_TRADE = re.compile(
    r"\b(?:exports?|imports?|exported|imported|trade|shipments|shipped|sales|sold|bought|deliveries)\b", re.I
)
_CHEAP = ("xport", "mport", "trade", "Trade", "hipped", "hipments", " sold ", " bought ", "sales", "deliveries")
"""A cheap search: a document without any of these has no trade."""
_CLOSED = re.compile(r"[.!?;:…][\"”’')\]]*\s*$")
"""How a sentence ends; a headline does not, and a change without a value is not taken from one."""
_NEAR = 4
"""How many sentences after a flow its countries, period and reporter still hold."""


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:  # noqa: ARG001
    """Trade figures as rows of extracted.trade_flows without key and evidence.

    Exporter and importer are NULL for two-way trade. A flow without a value and without a change gives no row.
    """
    if not _has_trade(document.text):
        return []
    setting = Setting(document, found)
    if document.title:
        for flow in flows_of(document.title, setting.countries_of(document.title), None):
            setting.direction = flow.direction
    rows: list[Row] = []
    for sentence in document.candidates("number"):
        text = document.sentence_text(sentence)
        if _TRADE.search(text):
            rows += _rows(sentence, text, found, setting)
    return rows


def _has_trade(text: str) -> bool:
    return any(word in text for word in _CHEAP)


def _rows(sentence: Sentence, text: str, found: Found, setting: Setting) -> list[Row]:
    recent = setting.direction if sentence.ordinal - setting.ordinal <= _NEAR else None
    flows = flows_of(text, setting.countries_in(sentence, text), recent)
    rows: list[Row] = []
    for index, flow in enumerate(flows):
        low = flows[index - 1].end if index else 0
        high = flows[index + 1].start if index + 1 < len(flows) else len(text)
        figure = figure_of(text, flow, low, high, found, sentence.start)
        if figure and (figure.value is not None or _CLOSED.search(text)):
            rows.append(_row(sentence, text, flow, figure, found, setting))
        setting.direction, setting.ordinal = flow.direction, sentence.ordinal
    return rows


def _row(sentence: Sentence, text: str, flow: Flow, figure: Figure, found: Found, setting: Setting) -> Row:
    start, end = min(flow.start, figure.start), max(flow.end, figure.end)
    period = period_of(text, sentence, flow, figure, found) or setting.period
    setting.period = period
    setting.reporter = reporter_of(text) or setting.reporter or setting.only_reporter
    basis = figure.change_basis or (setting.basis if figure.change is not None else None)
    setting.basis = basis or setting.basis
    direction: Direction = flow.direction
    return {
        "start_char": sentence.start + start,
        "end_char": sentence.start + end,
        "rule": f"trade_flows.{flow.rule}",
        "reporter_id": setting.reporter,
        "exporter": direction.exporter,
        "importer": direction.importer,
        "period_start": period[0] if period else None,
        "period_end": period[1] if period else None,
        "value": figure.value,
        "currency": figure.currency,
        "change_percent": figure.change,
        "change_basis": basis,
        "commodities": flow.goods,
    }
