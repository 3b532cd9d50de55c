"""`planledger evaluate`: precision, recall and F1 against gold annotations, per record type and rule."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from assets.evaluated.counts import Counts
from assets.evaluated.evaluation import Evaluation, RuleTotal, together
from assets.evaluated.floors import Floors, broken, load_floors, raised, repinned, write_floors
from assets.evaluated.scoring import Remark
from orchestration.cli.options import data_option, json_option, settings_of
from orchestration.cli.tabular import table_text
from orchestration.evaluation import FLOORS, SAMPLE_GOLD, evaluate_gold, gold_set, write_scores
from orchestration.pipeline import Run
from warehouse.connection import writing
from warehouse.reference import load_reference


@click.command()
@click.option("--gold", "folders", type=click.Path(path_type=Path, exists=True, file_okay=False), multiple=True,
              help="Folder of gold annotations, several times if need be; the bundled ones by default.")  # fmt: skip
@data_option
@json_option
@click.option("--top", type=click.IntRange(min=0), default=10, show_default=True,
              help="Misses and false positives to print.")  # fmt: skip
@click.option("--per-rule", is_flag=True, help="Print how every rule fares.")
@click.option("--fold", "folds", type=click.IntRange(min=2), metavar="K",
              help="Print how scores spread over K parts, and the rules that fire on one document only.")  # fmt: skip
@click.option("--floors", type=click.Path(path_type=Path, dir_okay=False), default=FLOORS,
              help="File of floors; the bundled one by default.")  # fmt: skip
@click.option("--raise-floors", is_flag=True, help="Raise the floors to what is reached now; none is lowered.")
@click.option("--repin-floors", metavar="REASON", help="Pin the floors of a gold set that has changed anew.")
def evaluate(
    folders: tuple[Path, ...],
    data: Path | None,
    as_json: bool,
    top: int,
    per_rule: bool,
    folds: int | None,
    floors: Path,
    raise_floors: bool,
    repin_floors: str | None,
) -> None:
    """Clean and extract gold documents with the present code and compare what comes of it with their annotations.

    Nothing of a warehouse is read. With a data folder (--data or PLANLEDGER_DATA) the scores are written to its
    ops.extraction_scores. Exit code 1 if a floor is broken, or if a gold set with floors has changed.
    """
    reference = load_reference()
    evaluations = [evaluate_gold(gold_set(folder), reference) for folder in folders or (SAMPLE_GOLD,)]
    known = _pinned(load_floors(floors), evaluations, raise_floors, repin_floors)
    if raise_floors or repin_floors is not None:
        write_floors(floors, known)
    if data is not None or os.environ.get("PLANLEDGER_DATA"):
        _write(data, evaluations)
    failures = [s for e in evaluations if e.name in known for s in broken(known[e.name], e)]
    if as_json:
        click.echo(json.dumps(_for_machines(evaluations, failures, folds), indent=1, ensure_ascii=False, default=str))
    else:
        click.echo("\n\n".join(_texts(evaluations, top, per_rule, folds)))
        click.echo(_verdict(evaluations, known, failures))
    if failures:
        raise click.exceptions.Exit(1)


def _pinned(
    known: dict[str, Floors], evaluations: Iterable[Evaluation], raise_them: bool, reason: str | None
) -> dict[str, Floors]:
    """The floors as they are to be from now on."""
    pinned = dict(known)
    for e in evaluations:
        floors = pinned.get(e.name)
        if reason is not None and floors is not None and floors.gold_sha256 != e.sha256:
            pinned[e.name] = repinned(floors, e, reason)
        elif reason is not None and not raise_them:
            raise click.UsageError(f"the gold set {e.name} is the one its floors are pinned for, or has none")
        elif raise_them:
            pinned[e.name] = raised(floors, e)
    return pinned


def _write(data: Path | None, evaluations: Sequence[Evaluation]) -> None:
    settings = settings_of(data=data)
    with writing(settings.warehouse_path) as con:
        write_scores(Run(con, settings), evaluations)


def _for_machines(evaluations: Sequence[Evaluation], failures: list[str], folds: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {"gold_sets": [_one_for_machines(e, folds) for e in evaluations], "floors_broken": failures}
    if len(evaluations) > 1:
        found["together"] = _one_for_machines(together(evaluations), folds)
    return found


def _one_for_machines(evaluation: Evaluation, folds: int | None) -> dict[str, Any]:
    found = {**evaluation.as_dict(), "rules": [_rule_row(r) for r in evaluation.rules]}
    if folds:
        found["folds"] = [
            {"documents": list(f.documents), "tables": {t: s.as_dict() for t, s in f.types.items()}}
            for f in evaluation.folds(folds)
        ]
        found["rules_of_one_document"] = [r.rule for r in evaluation.lonely_rules]
    return found


def _rule_row(rule: RuleTotal) -> dict[str, Any]:
    return {
        "record_type": rule.record_type,
        "rule": rule.rule,
        "documents": len(rule.documents),
        "right": rule.right,
        "strictly_right": rule.strictly_right,
        "wrong": rule.wrong if rule.compared else None,
        "precision": rule.precision(rule.right),
        "strict_precision": rule.precision(rule.strictly_right),
    }


def _texts(evaluations: Sequence[Evaluation], top: int, per_rule: bool, folds: int | None) -> Iterable[str]:
    for e in evaluations:
        yield _scores_text(e)
        yield _remarks_text(e, top)
    whole = evaluations[0]
    if len(evaluations) > 1:
        whole = together(evaluations)
        yield _scores_text(whole, with_rows=False)
    if per_rule:
        yield _grid(_rule_row(r) for r in whole.rules)
    if folds:
        yield _folds_text(whole, folds)


def _scores_text(e: Evaluation, *, with_rows: bool = True) -> str:
    rows = [_score_row(t, s.lenient, s.strict, s.elsewhere) for t, s in e.types.items()]
    rows.append(_score_row("all", e.overall.lenient, e.overall.strict, e.overall.elsewhere))
    removed = e.removed_spans
    lines = [
        f"{e.name}: {len(e.documents)} documents, sha256 {e.sha256[:12]}",
        *(f"  not processed: {name}: {why}" for name, why in e.failed.items()),
        _grid(rows),
        f"mean F1 of record types: {_figure(e.macro_f1())}, strict {_figure(e.macro_f1(strict=True))}",
        f"removed spans, in characters: precision {_figure(removed.precision)}, recall {_figure(removed.recall)}, "
        f"n {removed.n}",
        f"rows that must not be made: {len(e.forbidden)} ({e.forbidden_readings} readings are forbidden)",
        *(f"  ! {_line(r)}" for r in e.forbidden if with_rows),
    ]
    return "\n".join(lines)


def _score_row(name: str, lenient: Counts, strict: Counts, elsewhere: Counts) -> dict[str, Any]:
    return {
        "record type": name,
        "n": lenient.n,
        "precision": lenient.precision,
        "recall": lenient.recall,
        "F1": lenient.f1,
        "right/wrong/missed": "/".join(map(str, lenient)),
        "strict precision": strict.precision,
        "strict recall": strict.recall,
        "strict F1": strict.f1,
        "recall where not exhaustive": f"{_figure(elsewhere.recall)} ({elsewhere.n})" if elsewhere.n else None,
    }


def _folds_text(e: Evaluation, count: int) -> str:
    folds = [f for f in e.folds(count) if f.documents]
    rows = []
    for record_type, score in e.types.items():
        found = [f.types[record_type].lenient.f1 for f in folds if f.types[record_type].lenient.n]
        figures = [f for f in found if f is not None]
        if figures:
            rows.append({
                "record type": record_type, "F1": score.lenient.f1, "worst part": min(figures),
                "best part": max(figures), "parts with rows": len(figures),
            })  # fmt: skip
    lonely = [{**_rule_row(r), "documents": r.documents[0]} for r in e.lonely_rules]
    return "\n".join([
        f"{e.name} in {len(folds)} parts:", _grid(rows),
        f"rules that fire on one gold document only: {len(lonely)} of {len(e.rules)}",
        *([_grid({k: v for k, v in r.items() if not k.endswith("precision")} for r in lonely)] if lonely else []),
    ])  # fmt: skip


def _remarks_text(e: Evaluation, top: int) -> str:
    lines = []
    for title, remarks in (("missed", e.misses), ("wrong", e.false_positives)):
        lines.append(f"{title}: {len(remarks)}")
        lines += [f"  - {_line(r)}" for r in remarks[:top]]
    return "\n".join(lines)


def _line(remark: Remark) -> str:
    """A remark on one line: what was read where, by which rule, and what was to be read."""
    evidence = remark.evidence if len(remark.evidence) <= 160 else remark.evidence[:159] + "…"
    parts = [f"{remark.document} {remark.record_type} [{remark.kind}] {evidence!r} {_shown(remark.row)}"]
    if remark.instead is not None:
        parts.append(f"read as {_shown(remark.instead)}")
    if remark.rule:
        parts.append(f"by {remark.rule}")
    if remark.why:
        parts.append(f"forbidden: {remark.why}")
    return " ".join(parts)


def _shown(row: dict[str, Any]) -> str:
    return "(" + ", ".join(f"{k} {v}" for k, v in row.items()) + ")"


def _grid(rows: Iterable[dict[str, Any]]) -> str:
    shown = [{k: _figure(v) if isinstance(v, float) else v for k, v in row.items()} for row in rows]
    return table_text(pa.Table.from_pylist(shown)) if shown else "none"


def _figure(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _verdict(evaluations: Iterable[Evaluation], known: dict[str, Floors], failures: list[str]) -> str:
    if failures:
        return "\n".join(["floors broken:", *(f"  {f}" for f in failures)])
    held = [e.name for e in evaluations if e.name in known]
    return f"floors hold: {', '.join(held)}" if held else "no floors are pinned for this gold set"
