"""When a predicted row says what a gold row says: core columns, and the further ones for strict agreement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from assets.evaluated.amounts import Units, close, number
from assets.evaluated.gold import Row
from assets.evaluated.names import Directory, Names, equivalents, even, names_of, spoken
from warehouse.reference import Reference

Predicted = Mapping[str, Any]

CORE: Final[Mapping[str, frozenset[str]]] = {
    "quantities": frozenset({"value", "unit_id"}),
    "dates": frozenset({"start_date", "end_date"}),
    "events": frozenset({"event_kind", "start_date"}),
    "targets": frozenset(),
    "results": frozenset({"outcome"}),
    "budget_lines": frozenset({"fiscal_year", "measure", "value_percent", "basis"}),
    "trade_flows": frozenset({"exporter", "importer"}),
    "quotations": frozenset({"speaker_id"}),
    "entity_mentions": frozenset({"entity_id"}),
    "assessments": frozenset({"kind"}),
    "attributions": frozenset({"source_kind"}),
    "review_rules": frozenset({"threshold"}),
}
"""The columns that decide whether a predicted row is the one a gold row describes."""

_ENTITY_COLUMNS: Final = frozenset({"entity_id", "speaker_id", "exporter", "importer"})
_OFFICE: Final = re.compile(r",.*| director.*")
_LONG_NAME: Final = 7


def day(value: object) -> str | None:
    """A date or time as YYYY-MM-DD."""
    return None if value is None else str(value)[:10]


def equal(one: object, other: object) -> bool:
    """Are two values equal: as truth values, as numbers, or as words?"""
    if isinstance(one, bool) or isinstance(other, bool):
        return bool(one) == bool(other)
    if number(one) is not None and number(other) is not None:
        return close(number(one), number(other))
    if one is None or other is None:
        return one is other
    return even(str(one)) == even(str(other))


class Judge:
    """Says whether rows agree; made once per reference data."""

    def __init__(self, reference: Reference) -> None:
        self.entities = Directory(reference)
        self.units = Units(reference)

    def agrees(self, record_type: str, gold: Row, row: Predicted) -> bool:
        """Do the core columns agree, with the gold row or one of its alternatives?"""
        core, _ = _JUDGEMENTS[record_type]
        return any(core(self, variant, row) for variant in variants(gold))

    def agrees_strictly(self, record_type: str, gold: Row, row: Predicted) -> bool:
        """Do the further columns agree too?"""
        _, further = _JUDGEMENTS[record_type]
        return self.agrees(record_type, gold, row) and any(further(self, v, row) for v in variants(gold))

    def has(self, row: Predicted, columns: Mapping[str, Any]) -> bool:
        """Does the row have all the values, entities and units compared by what they mean?"""
        return all(self._has(row, column, value) for column, value in columns.items())

    def _has(self, row: Predicted, column: str, value: Any) -> bool:
        if column in _ENTITY_COLUMNS:
            return self.entities.same(value, row.get(column))
        if column == "unit_id":
            return self.units.same_kind(value, row.get(column))
        if "date" in column:
            return day(row.get(column)) == day(value)
        return equal(value, row.get(column))


def variants(gold: Row) -> Iterator[Row]:
    """The row and what it may be instead: `alternatives` is a list of column sets, or values by column."""
    yield gold
    alternatives = gold.get("alternatives") or []
    if isinstance(alternatives, Mapping):
        alternatives = [
            {column: value}
            for column, values in alternatives.items()
            for value in (values if isinstance(values, list) else [values])
        ]
    for columns in alternatives:
        yield {**gold, **columns}


def _same(gold: Row, row: Predicted, *columns: str) -> bool:
    return all(equal(gold.get(c), row.get(c)) for c in columns)


def _stated(gold: Row, row: Predicted, column: str) -> bool:
    """Does the row have the column's value, if the gold row states one?"""
    return gold.get(column) is None or equal(gold[column], row.get(column))


def _quantity(judge: Judge, gold: Row, row: Predicted) -> bool:
    return judge.units.agree(gold, row)


def _quantity_further(judge: Judge, gold: Row, row: Predicted) -> bool:
    return (
        judge.units.agree(gold, row, strict=True)
        and _same(gold, row, "role", "approximation")
        and (gold.get("direction") or "none") == (row.get("direction") or "none")
    )


def _date(_: Judge, gold: Row, row: Predicted) -> bool:
    return all(day(gold.get(c)) == day(row.get(c)) for c in ("start_date", "end_date"))


def _date_further(_: Judge, gold: Row, row: Predicted) -> bool:
    return _same(gold, row, "granularity")


def _event(_: Judge, gold: Row, row: Predicted) -> bool:
    if not _same(gold, row, "event_kind"):
        return False
    first, last, found = day(gold.get("start_date")), day(gold.get("end_date")), day(row.get("start_date"))
    return first is None or (found is not None and first <= found <= (last or first))


def _event_further(_: Judge, gold: Row, row: Predicted) -> bool:
    return _days(gold) == _days(row)


def _days(row: Predicted) -> tuple[str | None, str | None]:
    first = day(row.get("start_date"))
    return first, day(row.get("end_date")) or first


def _target(_judge: Judge, _gold: Row, _row: Predicted) -> bool:
    return True


def _target_further(judge: Judge, gold: Row, row: Predicted) -> bool:
    due, found = _deadline(gold), _deadline(row)
    return judge.units.agree(gold, row) and (due is None or (found is not None and due[:4] == found[:4]))


def _deadline(row: Predicted) -> str | None:
    return day(row.get("deadline_end") or row.get("deadline_start"))


def _result(_: Judge, gold: Row, row: Predicted) -> bool:
    return _stated(gold, row, "outcome")


def _result_further(judge: Judge, gold: Row, row: Predicted) -> bool:
    return judge.units.agree(gold, row)


def _budget_line(_: Judge, gold: Row, row: Predicted) -> bool:
    named = gold["line"] in equivalents()["budget_lines"]["named"]
    return _same(gold, row, "fiscal_year", "measure", "value_percent", "basis") and (
        not named or _is_line(gold["line"], row)
    )


def _budget_line_further(_: Judge, gold: Row, row: Predicted) -> bool:
    return _same(gold, row, "fiscal_year", "measure", "value_percent", "basis") and _is_line(gold["line"], row)


def _is_line(line: str, row: Predicted) -> bool:
    found = even(str(row.get("line") or "")).replace(" ", "_")
    return found in (line, *equivalents()["budget_lines"]["names"].get(line, ())) or spoken(found) == spoken(line)


def _trade_flow(judge: Judge, gold: Row, row: Predicted) -> bool:
    figures = [c for c in ("value", "change_percent") if gold.get(c) is not None]
    return _directed(judge, gold, row) and (not figures or any(_figure(gold, row, c) for c in figures))


def _trade_flow_further(judge: Judge, gold: Row, row: Predicted) -> bool:
    return (
        _directed(judge, gold, row)
        and all(_figure(gold, row, c) for c in ("value", "change_percent") if gold.get(c) is not None)
        and (not gold.get("currency") or even(gold["currency"]) == even(row.get("currency")))
        and _party(judge, gold, row, "reporter_id")
    )


def _directed(judge: Judge, gold: Row, row: Predicted) -> bool:
    return _party(judge, gold, row, "exporter") and _party(judge, gold, row, "importer")


def _party(judge: Judge, gold: Row, row: Predicted, column: str) -> bool:
    return gold.get(column) is None or judge.entities.same(gold[column], row.get(column))


def _figure(gold: Row, row: Predicted, column: str) -> bool:
    return close(number(gold[column]), number(row.get(column)))


def _quotation(judge: Judge, gold: Row, row: Predicted) -> bool:
    wanted = judge.entities.of_slug(gold.get("speaker_id")) | _surname_of(gold.get("speaker_surface"))
    if not wanted or judge.entities.of_id(row.get("speaker_id")) & wanted:
        return True
    surface = row.get("speaker_surface")
    if row.get("speaker_id") is not None or not surface:
        return False
    run_together = spoken(surface)
    return bool(names_of(surface) & wanted) or any(len(n) > _LONG_NAME and n in run_together for n in wanted)


def _surname_of(surface: str | None) -> Names:
    """The name in a speaker's words ("Peter Ward, senior researcher"); none in a single word."""
    return names_of(_OFFICE.sub("", surface)) if surface and len(surface.split()) > 1 else frozenset()


def _quotation_further(_: Judge, gold: Row, row: Predicted) -> bool:
    return spoken(gold.get("quotation")) == spoken(row.get("quotation") or row.get("evidence"))


def _mention(judge: Judge, gold: Row, row: Predicted) -> bool:
    wanted = judge.entities.of_slug(gold.get("entity_id"))
    if not wanted:
        return True
    if row.get("entity_id") is not None:
        return bool(judge.entities.of_id(row["entity_id"]) & wanted)
    surface = row.get("surface") or row.get("evidence")
    return bool(names_of(surface) & (wanted | names_of(gold.get("surface") or gold.get("evidence"))))


def _mention_further(judge: Judge, gold: Row, row: Predicted) -> bool:
    if not gold.get("entity_id"):
        return True
    return row.get("entity_id") is not None and judge.entities.is_known(row["entity_id"])


def _assessment(_: Judge, gold: Row, row: Predicted) -> bool:
    return _same(gold, row, "kind")


def _assessment_further(judge: Judge, gold: Row, row: Predicted) -> bool:
    return _party(judge, gold, row, "assessor_id")


def _attribution(_: Judge, gold: Row, row: Predicted) -> bool:
    return _same(gold, row, "source_kind")


def _attribution_further(_: Judge, gold: Row, row: Predicted) -> bool:
    return _stated(gold, row, "traces_to_state_media")


def _review_rule(_: Judge, gold: Row, row: Predicted) -> bool:
    return _same(gold, row, "threshold")


def _review_rule_further(_: Judge, gold: Row, row: Predicted) -> bool:
    return _same(gold, row, "comparator")


_Judgement = Callable[[Judge, Row, Predicted], bool]
_JUDGEMENTS: Final[Mapping[str, tuple[_Judgement, _Judgement]]] = {
    "quantities": (_quantity, _quantity_further),
    "dates": (_date, _date_further),
    "events": (_event, _event_further),
    "targets": (_target, _target_further),
    "results": (_result, _result_further),
    "budget_lines": (_budget_line, _budget_line_further),
    "trade_flows": (_trade_flow, _trade_flow_further),
    "quotations": (_quotation, _quotation_further),
    "entity_mentions": (_mention, _mention_further),
    "assessments": (_assessment, _assessment_further),
    "attributions": (_attribution, _attribution_further),
    "review_rules": (_review_rule, _review_rule_further),
}
