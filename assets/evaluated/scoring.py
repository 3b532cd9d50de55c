"""One document's predicted rows against its gold annotations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from assets.evaluated.agreement import CORE, Judge, Predicted
from assets.evaluated.alignment import Alignment
from assets.evaluated.counts import Counts
from assets.evaluated.gold import RECORD_TYPES, REMOVED_SPANS, GoldDocument, Row, Span
from assets.evaluated.matching import closeness, matched, overlap

_SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "quantities": ("value", "unit_id", "currency", "role"),
    "dates": ("start_date", "end_date"),
    "events": ("event_kind", "start_date"),
    "targets": ("action", "value", "unit_id", "deadline_end"),
    "results": ("outcome", "value", "unit_id"),
    "budget_lines": ("fiscal_year", "line", "measure", "value_percent", "basis"),
    "trade_flows": ("exporter", "importer", "value", "change_percent"),
    "quotations": ("speaker_id", "speaker_surface"),
    "entity_mentions": ("entity_kind", "entity_id"),
    "assessments": ("kind", "assessor_id"),
    "attributions": ("source_kind",),
    "review_rules": ("threshold",),
}
_NEAR: Final = 0.3
"""Closeness to a gold row from which a wrong row is a misreading of it."""

Kind = Literal["wrong value", "not found", "spurious", "forbidden"]


@dataclass(frozen=True)
class Prediction:
    """What the pipeline made of a document: its cleaned text, rows by table, spans removed from the text received."""

    text: str = ""
    records: Mapping[str, Sequence[Predicted]] = field(default_factory=dict)
    removed_spans: Sequence[Span] = ()


@dataclass(frozen=True)
class Remark:
    """A row missed, wrong or forbidden: where it stands, what it says, and what there is instead or why it is wrong."""

    document: str
    record_type: str
    kind: Kind
    evidence: str
    row: Row
    rule: str | None = None
    instead: Row | None = None
    why: str | None = None

    def as_dict(self) -> Row:
        """The remark for machines."""
        return {k: v for k, v in vars(self).items() if v is not None}


@dataclass
class RuleScore:
    """A rule's rows in one document: right, right in every column, wrong. Those that gold leaves open count nowhere."""

    right: int = 0
    strictly_right: int = 0
    wrong: int = 0


@dataclass(frozen=True)
class Scored:
    """One record type in one document. `wrong` is 0 in a table that gold does not annotate throughout."""

    document: str
    record_type: str
    is_exhaustive: bool
    lenient: Counts
    strict: Counts
    rules: Mapping[str, RuleScore]
    misses: tuple[Remark, ...]
    false_positives: tuple[Remark, ...]
    forbidden: tuple[Remark, ...]
    forbidden_readings: int
    """Entries of `must_not_extract`."""


def score_document(gold: GoldDocument, predicted: Prediction, judge: Judge) -> list[Scored]:
    """Score every record type of a document. Rows outside the gold text (a title, say) are not looked at."""
    alignment = Alignment(predicted.text, gold.text)
    return [_Table(gold, t, predicted.records.get(t, ()), alignment, judge).scored() for t in RECORD_TYPES]


def score_removed_spans(gold: GoldDocument, predicted: Prediction) -> Counts | None:
    """Characters, white space apart, that were rightly and wrongly removed; None if gold does not say all of them."""
    if REMOVED_SPANS not in gold.exhaustive:
        return None
    needed = _characters(gold.text, (_span(r) for r in gold.removed_spans if not r.get("optional")))
    optional = _characters(gold.text, (_span(r) for r in gold.removed_spans if r.get("optional")))
    removed = _characters(gold.text, predicted.removed_spans) - optional
    return Counts(len(needed & removed), len(removed - needed), len(needed - removed))


def _characters(text: str, spans: Iterable[Span]) -> set[int]:
    return {k for start, end in spans for k in range(start, end) if not text[k].isspace()}


def _span(row: Row) -> Span:
    return row["start"], row["end"]


class _Table:
    """One table of one document, its predicted rows matched with the gold rows."""

    def __init__(
        self, gold: GoldDocument, record_type: str, rows: Iterable[Predicted], alignment: Alignment, judge: Judge
    ) -> None:
        self.gold, self.type, self.judge = gold, record_type, judge
        self.core = gold.core(record_type)
        self.spans = [_span(r) for r in self.core]
        placed = [(r, alignment.span(r["start_char"], r["end_char"])) for r in rows if self._is_compared(r)]
        self.rows = [r for r, span in placed if span is not None]
        self.places = [span for _, span in placed if span is not None]
        self.lenient = matched(self.spans, self.places, self._agree)
        self.strict = matched(self.spans, self.places, self._agree_strictly)
        self.found = {p: g for g, p in self.lenient.items()}
        self.open = self._open()

    def _is_compared(self, row: Predicted) -> bool:
        """Some rows are nowhere annotated: ordinals, indirect speech, mentions of other kinds."""
        return (
            self.gold.counts_kind(self.type, row)
            and row.get("role") != "ordinal_excluded"
            and not (self.type == "quotations" and row.get("kind") == "indirect")
        )

    def _agree(self, g: int, p: int) -> bool:
        return self.judge.agrees(self.type, self.core[g], self.rows[p])

    def _agree_strictly(self, g: int, p: int) -> bool:
        return self.judge.agrees_strictly(self.type, self.core[g], self.rows[p])

    def _open(self) -> set[int]:
        """Unmatched rows that stand closest to an optional gold row: neither right nor wrong."""
        optional = [_span(r) for r in self.gold.optional(self.type)]
        return {
            p
            for p, place in enumerate(self.places)
            if p not in self.found and (best := _closest(place, optional)) and best >= _closest(place, self.spans)
        }

    def scored(self) -> Scored:
        exhaustive = self.type in self.gold.exhaustive
        missing = len(self.core) - len(self.lenient)
        wrong = [p for p in range(len(self.rows)) if p not in self.found and p not in self.open]
        strictly_wrong = len(self.rows) - len(self.open) - len(self.strict)
        entries = [e for e in self.gold.forbidden if e["table"] == self.type]
        return Scored(
            document=self.gold.name,
            record_type=self.type,
            is_exhaustive=exhaustive,
            lenient=Counts(len(self.lenient), len(wrong) if exhaustive else 0, missing),
            strict=Counts(len(self.strict), strictly_wrong if exhaustive else 0, len(self.core) - len(self.strict)),
            rules=self._rules(wrong if exhaustive else []),
            misses=tuple(self._miss(g) for g in range(len(self.core)) if g not in self.lenient),
            false_positives=tuple(self._false_positive(p) for p in wrong) if exhaustive else (),
            forbidden=tuple(r for e in entries for r in self._violations(e)),
            forbidden_readings=len(entries),
        )

    def _rules(self, wrong: Iterable[int]) -> dict[str, RuleScore]:
        rules: dict[str, RuleScore] = {r["rule"]: RuleScore() for r in self.rows}
        for p in self.found:
            rules[self.rows[p]["rule"]].right += 1
        for p in self.strict.values():
            rules[self.rows[p]["rule"]].strictly_right += 1
        for p in wrong:
            rules[self.rows[p]["rule"]].wrong += 1
        return rules

    def _miss(self, g: int) -> Remark:
        gold, span = self.core[g], self.spans[g]
        there = next((r for r, place in zip(self.rows, self.places, strict=True) if overlap(span, place)), None)
        return Remark(
            self.gold.name, self.type, "wrong value" if there else "not found", self._text(span), self._brief(gold),
            instead=self._brief(there) if there else None, rule=there["rule"] if there else None,
        )  # fmt: skip

    def _false_positive(self, p: int) -> Remark:
        near = max((closeness(s, self.places[p]) for s in self.spans), default=0.0) >= _NEAR
        return Remark(
            self.gold.name, self.type, "wrong value" if near else "spurious", self._text(self.places[p]),
            self._brief(self.rows[p]), rule=self.rows[p]["rule"],
        )  # fmt: skip

    def _violations(self, entry: Row) -> Iterable[Remark]:
        columns = entry.get("columns") or {}
        for p, place in enumerate(self.places):
            if overlap(_span(entry), place) and self._is_forbidden(p, columns):
                yield Remark(
                    self.gold.name, self.type, "forbidden", self._text(place), self._brief(self.rows[p]),
                    rule=self.rows[p]["rule"], why=entry.get("why"),
                )  # fmt: skip

    def _is_forbidden(self, p: int, columns: Mapping[str, Any]) -> bool:
        """A row on a forbidden span violates, unless it is one of those gold has there, as far as that was compared."""
        if not columns:
            return p not in self.found and p not in self.open
        return self.judge.has(self.rows[p], columns) and not (p in self.found and columns.keys() <= CORE[self.type])

    def _text(self, span: Span) -> str:
        return " ".join(self.gold.text[slice(*span)].split())

    def _brief(self, row: Predicted) -> Row:
        shown = {c: row[c] for c in _SHOWN[self.type] if row.get(c) is not None}
        return {c: v if isinstance(v, int | float | str) else str(v) for c, v in shown.items()}


def _closest(place: Span, spans: Iterable[Span]) -> float:
    return max((closeness(s, place) for s in spans if overlap(s, place)), default=0.0)
