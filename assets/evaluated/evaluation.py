"""A whole gold set scored: totals, rules, folds, and what went wrong."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from assets.evaluated.agreement import Judge
from assets.evaluated.counts import Counts, total
from assets.evaluated.gold import RECORD_TYPES, REMOVED_SPANS, GoldSet, Row
from assets.evaluated.scoring import Prediction, Remark, Scored, score_document, score_removed_spans

ALL_RULES: Final = "*"
_GRAVEST: Final = (
    "budget_lines",
    "trade_flows",
    "results",
    "targets",
    "quantities",
    "events",
    "quotations",
    "dates",
    "assessments",
    "entity_mentions",
    "attributions",
    "review_rules",
)
"""Record types in the order in which an error in them is shown."""


@dataclass(frozen=True)
class TypeScore:
    """A record type: counts over the documents that annotate it throughout, and what was found in the others.

    `elsewhere` counts right and missed rows of documents in which not everything is annotated.
    """

    lenient: Counts
    strict: Counts
    elsewhere: Counts

    def as_dict(self) -> Row:
        """The scores for machines."""
        found: Row = {"lenient": self.lenient.as_dict(), "strict": self.strict.as_dict()}
        if self.elsewhere.n:
            found["recall_where_not_exhaustive"] = {
                "tp": self.elsewhere.right, "n": self.elsewhere.n, "recall": self.elsewhere.recall,
            }  # fmt: skip
        return found


@dataclass(frozen=True)
class RuleTotal:
    """A rule's rows of one type: in which documents it fires, rows right, right in every column, and wrong.

    `compared` says whether its wrong rows are known; where gold annotates a type throughout nowhere, they are not.
    """

    record_type: str
    rule: str
    documents: tuple[str, ...]
    right: int
    strictly_right: int
    wrong: int
    compared: bool

    def precision(self, right: int) -> float | None:
        """Share of the rule's rows that are right; None if gold cannot tell."""
        return Counts(right, self.right + self.wrong - right).precision if self.compared else None


@dataclass(frozen=True)
class Evaluation:
    """Everything found out about one gold set, or several taken together.

    `failed` are documents the pipeline could not process, with the reason; all their rows are missed.
    """

    name: str
    sha256: str
    documents: tuple[str, ...]
    scored: tuple[Scored, ...]
    removed_spans: Counts
    failed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def types(self) -> dict[str, TypeScore]:
        """Scores by record type."""
        return {t: _type_score([s for s in self.scored if s.record_type == t]) for t in RECORD_TYPES}

    @property
    def overall(self) -> TypeScore:
        """All record types taken together."""
        return _type_score(self.scored)

    def macro_f1(self, *, strict: bool = False) -> float | None:
        """Mean F1 of the record types of which gold has rows; None if it has none."""
        counts = [t.strict if strict else t.lenient for t in self.types.values()]
        found = [c.f1 or 0.0 for c in counts if c.n]
        return sum(found) / len(found) if found else None

    @cached_property
    def rules(self) -> list[RuleTotal]:
        """Every rule that fired, by record type and name."""
        grouped: dict[tuple[str, str], list[Scored]] = defaultdict(list)
        for scored in self.scored:
            for rule in scored.rules:
                grouped[scored.record_type, rule].append(scored)
        return [_rule_total(t, rule, grouped[t, rule]) for t, rule in sorted(grouped)]

    @property
    def lonely_rules(self) -> list[RuleTotal]:
        """Rules that fire in one document only: what they are worth elsewhere, this gold set cannot say."""
        return [r for r in self.rules if len(r.documents) == 1]

    @property
    def forbidden(self) -> list[Remark]:
        """Predicted rows that gold forbids."""
        return _spread(r for s in self.scored for r in s.forbidden)

    @property
    def forbidden_readings(self) -> int:
        """Readings that gold forbids."""
        return sum(s.forbidden_readings for s in self.scored)

    @property
    def misses(self) -> list[Remark]:
        """Gold rows not found, those misread first, record types taking turns."""
        return _spread(r for s in self.scored for r in s.misses)

    @property
    def false_positives(self) -> list[Remark]:
        """Predicted rows that are wrong, misreadings first, record types taking turns."""
        return _spread(r for s in self.scored for r in s.false_positives)

    def folds(self, count: int) -> list[Evaluation]:
        """The set cut into `count` parts by a digest of the documents' names, so that a new document moves no other."""
        parts = [tuple(n for n in self.documents if _fold_of(n, count) == k) for k in range(count)]
        return [
            Evaluation(f"{k + 1}", self.sha256, names, tuple(s for s in self.scored if s.document in names), Counts())
            for k, names in enumerate(parts)
        ]

    def as_dict(self) -> Row:
        """The whole evaluation for machines."""
        return {
            "gold_set": self.name,
            "gold_sha256": self.sha256,
            "documents": len(self.documents),
            "documents_failed": dict(self.failed),
            "tables": {t: score.as_dict() for t, score in self.types.items()},
            "micro": {
                "lenient": {**self.overall.lenient.as_dict(), "macro_f1": self.macro_f1()},
                "strict": {**self.overall.strict.as_dict(), "macro_f1": self.macro_f1(strict=True)},
            },
            "removed_spans_characters": self.removed_spans.as_dict(),
            "must_not_extract": {
                "entries": self.forbidden_readings,
                "violations": len(self.forbidden),
                "list": [r.as_dict() for r in self.forbidden],
            },
            "misses": [r.as_dict() for r in self.misses],
            "false_positives": [r.as_dict() for r in self.false_positives],
        }


def evaluate(
    gold: GoldSet, predictions: Mapping[str, Prediction], judge: Judge, failed: Mapping[str, str] | None = None
) -> Evaluation:
    """Score what was predicted (by document name) against a gold set; a document without prediction has no rows."""
    scored: list[Scored] = []
    removed: list[Counts] = []
    for document in gold.documents:
        predicted = predictions.get(document.name, Prediction())
        scored += score_document(document, predicted, judge)
        if (characters := score_removed_spans(document, predicted)) is not None:
            removed.append(characters)
    names = tuple(d.name for d in gold.documents)
    return Evaluation(gold.name, gold.sha256, names, tuple(scored), total(removed), failed or {})


def together(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Several gold sets as one."""
    digests = "".join(sorted(e.sha256 for e in evaluations))
    return Evaluation(
        "all sets",
        hashlib.sha256(digests.encode()).hexdigest(),
        tuple(n for e in evaluations for n in e.documents),
        tuple(s for e in evaluations for s in e.scored),
        total(e.removed_spans for e in evaluations),
        {n: why for e in evaluations for n, why in e.failed.items()},
    )


def score_rows(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Rows of `ops.extraction_scores`, without the fingerprint of the code: record types, rules, removed spans."""
    identity = {"gold_sha256": evaluation.sha256, "gold_set": evaluation.name}
    documents = len(evaluation.documents)
    for record_type, score in evaluation.types.items():
        ours = [s for s in evaluation.scored if s.record_type == record_type]
        violations = sum(len(s.forbidden) for s in ours)
        counts = score.lenient if score.lenient.n or not score.elsewhere.n else score.elsewhere
        known = counts is score.lenient
        yield {
            **identity, **_row(record_type, ALL_RULES, counts, known), "document_count": documents,
            **{f"strict_{k}": getattr(score.strict, k) if known else None for k in ("precision", "recall", "f1")},
            "forbidden": violations,
        }  # fmt: skip
        for rule in (r for r in evaluation.rules if r.record_type == record_type):
            yield {**identity, **_rule_row(rule, counts.n, ours)}
    if evaluation.removed_spans.n:
        yield {
            **identity, **_row(REMOVED_SPANS, ALL_RULES, evaluation.removed_spans, True), "document_count": documents,
        }  # fmt: skip


def _row(record_type: str, rule: str, counts: Counts, known: bool) -> Row:
    return {
        "record_type": record_type,
        "rule": rule,
        "precision": counts.precision if known else None,
        "recall": counts.recall,
        "f1": counts.f1 if known else None,
        "n": counts.n,
        "true_positives": counts.right,
        "false_positives": counts.wrong if known else None,
    }


def _rule_row(rule: RuleTotal, n: int, scored: Sequence[Scored]) -> Row:
    return {
        "record_type": rule.record_type,
        "rule": rule.rule,
        "precision": rule.precision(rule.right),
        "recall": rule.right / n if n else None,
        "strict_precision": rule.precision(rule.strictly_right),
        "strict_recall": rule.strictly_right / n if n else None,
        "n": n,
        "true_positives": rule.right,
        "false_positives": rule.wrong if rule.compared else None,
        "forbidden": sum(r.rule == rule.rule for s in scored for r in s.forbidden),
        "document_count": len(rule.documents),
    }


def _type_score(scored: Iterable[Scored]) -> TypeScore:
    parts = list(scored)
    whole = [s for s in parts if s.is_exhaustive]
    return TypeScore(
        total(s.lenient for s in whole),
        total(s.strict for s in whole),
        total(s.lenient for s in parts if not s.is_exhaustive),
    )


def _rule_total(record_type: str, rule: str, scored: Sequence[Scored]) -> RuleTotal:
    scores = [s.rules[rule] for s in scored]
    return RuleTotal(
        record_type,
        rule,
        tuple(s.document for s in scored),
        sum(s.right for s in scores),
        sum(s.strictly_right for s in scores),
        sum(s.wrong for s in scores),
        all(s.is_exhaustive for s in scored),
    )


def _fold_of(name: str, count: int) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % count


def _spread(remarks: Iterable[Remark]) -> list[Remark]:
    """Remarks by gravity, record types taking turns, so that one type does not fill the list."""
    by_type: dict[str, list[Remark]] = defaultdict(list)
    for remark in sorted(remarks, key=lambda r: (r.kind != "wrong value", r.document)):
        by_type[remark.record_type].append(remark)
    turns = [(n, _GRAVEST.index(t), r) for t, found in by_type.items() for n, r in enumerate(found)]
    return [r for _, _, r in sorted(turns, key=lambda turn: turn[:2])]
