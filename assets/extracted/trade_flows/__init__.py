"""extracted.trade_flows: figures of trade between countries, with direction, period and whose statistics they are."""

from __future__ import annotations

import re
from dataclasses import replace

from assets.extracted.document import Document, Found, Row, Sentence
from assets.extracted.trade_flows.figures import Figure, figures_of
from assets.extracted.trade_flows.flows import Flow, flows_of, goods_behind
from assets.extracted.trade_flows.periods import Period, compared_with, period_of
from assets.extracted.trade_flows.setting import Setting, reporters_of
from warehouse.reference import Reference

_TRADE = re.compile(
    r"\b(?:exports?|imports?|exported|imported|trade|shipments|shipped|sales|sold|bought|purchased|purchases|"
    r"deliveries|the total)\b",
    re.I,
)
_CHEAP = ("xport", "mport", " trade", "Trade", "hipped", "hipments", " sold ", " bought ", "urchase", "eliveries")
"""A cheap search: a document without any of these has no trade."""
_CLOSED = re.compile(r"[.!?;:…][\"”’')\]]*\s*$")
"""How a sentence ends; a headline does not, and a change without a value is not taken from one."""


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:  # noqa: ARG001
    """Trade figures as rows of extracted.trade_flows without key and evidence.

    Exporter and importer are NULL for two-way trade. A flow without a value and without a change gives no row.
    """
    figures = [q["start_char"] for q in found.get("quantities", ()) if _is_figure(q)]
    if not figures or not any(word in document.text for word in _CHEAP):
        return []
    told = [(s, t) for s in document.candidates("number") if _TRADE.search(t := document.sentence_text(s))]
    if not any(s.start <= at < s.end for s, _ in told for at in figures):
        return []
    setting = Setting(document, found)
    if document.title:
        for flow in flows_of(document.title, setting.countries_of(document.title), None):
            setting.direction = flow.direction
    rows: list[Row] = []
    for sentence, text in told:
        flows = flows_of(text, setting.countries_in(sentence, text), setting.recent(sentence))
        rows += _rows(sentence, text, flows, found, setting)
    return rows


def _is_figure(quantity: Row) -> bool:
    """An amount of money or a percentage, without which no sentence tells of a flow."""
    return bool(quantity.get("currency")) or quantity.get("unit_id") == "percent"


def _rows(sentence: Sentence, text: str, flows: list[Flow], found: Found, setting: Setting) -> list[Row]:
    rows: list[Row] = []
    low, before = 0, None
    for index, flow in enumerate(flows):
        high = flows[index + 1].start if index + 1 < len(flows) else len(text)
        figures = figures_of(text, flow, low, high, found, sentence.start, before)
        if figures and (figures[0].value is not None or _CLOSED.search(text)):
            rows += _rows_of(sentence, text, flow, figures, found, setting)
            before = figures[0]
            low = max(f.end for f in figures)
        low = max(low, flow.end)
        setting.direction, setting.ordinal = flow.direction, sentence.ordinal
    return rows


def _rows_of(
    sentence: Sentence, text: str, flow: Flow, figures: list[Figure], found: Found, setting: Setting
) -> list[Row]:
    """The row of a flow's own figure, then those of the same flow at other times."""
    own = figures[0]
    before = setting.period_near(sentence.ordinal)
    period = period_of(text, sentence, flow, own, found, setting.published, before)
    setting.period = period
    setting.reporter = next(iter(reporters_of(text)), None) or setting.reporter or setting.only_reporter
    bases = [compared_with(text, sentence, f, found, period) for f in figures if f.compared]
    basis = own.change_basis or next((b.basis for b in bases), setting.basis)
    if own.change is not None:
        setting.basis = basis
    flow = replace(flow, goods=flow.goods or goods_behind(text, own.anchor))
    rows = [_row(sentence, flow, own, period, setting, basis)]
    for figure in figures[1:]:
        if figure.compared:
            time = bases.pop(0).period
        else:
            time = period_of(text, sentence, flow, figure, found, setting.published)
        rows.append(_row(sentence, flow, figure, time, setting, None))
    return rows


def _row(
    sentence: Sentence, flow: Flow, figure: Figure, period: Period | None, setting: Setting, basis: str | None
) -> Row:
    """A row; its span holds the name of the flow too, unless the figure is a further one."""
    start, end = (flow.start, flow.end) if not figure.further else (figure.start, figure.end)
    return {
        "start_char": sentence.start + min(start, figure.start),
        "end_char": sentence.start + max(end, figure.end),
        # A figure that another is compared with is told by the same words, of an earlier time.
        "rule": f"trade_flows.{flow.rule}" + ("_compared" if figure.compared else ""),
        "reporter_id": setting.reporter,
        "exporter": flow.direction.exporter,
        "importer": flow.direction.importer,
        "period_start": period[0] if period else None,
        "period_end": period[1] if period else None,
        "value": figure.value,
        "currency": figure.currency,
        "change_percent": figure.change,
        "change_basis": basis if figure.change is not None else None,
        "commodities": flow.goods,
    }
