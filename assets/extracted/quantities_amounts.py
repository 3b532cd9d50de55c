"""Amounts: numerals with the unit, currency or noun that belongs to them, ranges put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from assets.extracted.needs import Needs, matches, needs_of
from assets.extracted.numbers import Numeral, numerals
from assets.extracted.quantities_nouns import counted_after
from assets.extracted.quantities_units import Unit, UnitLexicon
from assets.extracted.rules import Rule, rules

Span = tuple[int, int]

COUNTED = frozenset({"count", "person", "household", "housing_unit", "head", "pair", "dozen"})
"""Units of things one counts: an amount of them is a count, of other units a level."""
_BLANK = "\x00"
_PATTERN = {r.name: r.pattern for r in rules("quantities_words")}
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Amount:
    """A number with what it is a number of; offsets into the sentence.

    `form` is the numeral's form, `number_end` ends the number, `end` its unit or noun; `said_from` begins the words
    that say how exact it is.
    """

    start: int
    end: int
    number_end: int
    value: Decimal
    form: str
    scale: Decimal = Decimal(1)
    high: Decimal | None = None
    unit: Unit | None = None
    counted: str | None = None
    per: str | None = None
    is_name: bool = False
    is_age: bool = False
    rule: str = "number"
    approximation: str = "exact"
    said_from: int = 0

    @property
    def is_percent(self) -> bool:
        """Printed as a percentage."""
        return self.unit is not None and self.unit.is_percent

    @property
    def is_money(self) -> bool:
        """An amount in a currency."""
        return self.unit is not None and (self.unit.currency is not None or self.unit.counted == "won")


@cache
def _excluded() -> tuple[tuple[Rule, bool], ...]:
    return tuple((r, r.options.get("digits", False)) for r in rules("quantities_excluded"))


@cache
def _excluded_needs() -> Needs:
    return needs_of(rules("quantities_excluded"))


def blank(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans blanked out, as long as before."""
    for start, end in spans:
        text = text[:start] + _BLANK * (end - start) + text[end:]
    return text


def masked(text: str) -> tuple[str, list[tuple[Span, str]]]:
    """The sentence with what measures nothing blanked out, and the spans that hold an ordinal or a name's number."""
    spans: list[Span] = []
    ordinals: list[tuple[Span, str]] = []
    has_digits = _DIGIT.search(text) is not None
    excluded = _excluded()
    for index, places in _excluded_needs().tried(text):
        rule, needs_digits = excluded[index]
        if needs_digits and not has_digits:
            continue
        for match in matches(rule.pattern, text, places):
            span = _span(match)
            if rule.options["as"] == "ordinal" and not any(a < span[1] and span[0] < b for a, b in spans):
                ordinals.append((span, rule.name))
            spans.append(span)
    return blank(text, spans) if spans else text, ordinals


def _span(match: re.Match[str]) -> Span:
    for name in ("span", "span2", "span3"):
        if name in match.re.groupindex and match[name] is not None:
            return match.span(name)
    return match.span()


def amounts(text: str, lexicon: UnitLexicon, places: Sequence[int] | None = None) -> list[Amount]:
    """The amounts of a masked sentence in order, with ranges joined; `places` as in `numerals`."""
    found = [a for n in numerals(text, places) if (a := _amount(text, n, lexicon)) is not None]
    return _joined(text, found) if len(found) > 1 else found


_PREFIX_WORDS = frozenset({"minus", "sub", "plus", "over", "to", "a", "per", "ex"})
_MINUS = _PATTERN["minus"]
_MINUS_SIGNS = ("-", "−")
_INNER_MINUS = re.compile(r"[^\d\s]+\s?-\s?[\d.]")
_PER = _PATTERN["per"]
_TO_EVERY = re.compile(r"\s+to\s+(?:every|each)\s+(\w+)", re.IGNORECASE)
_OF_THEM = re.compile(r"\s+of\s+them\b")
_LARGE = 1000
"""From here on a number without a noun ("10,000 of them every year") may have a rate."""
_PER_NAMES = {
    "annum": "year",
    "ton": "tonne",
    "kg": "kilogram",
    "liter": "litre",
    "kilometer": "kilometre",
    "sq m": "square metre",
    "sq. m": "square metre",
}
_LETTER = re.compile(r"[A-Za-z]")
_TORN = re.compile(r"0\d")
"""Digits that begin with a nought are the rest of a number torn by a line break or a date: no value of their own."""
_HYPHEN_NAME = re.compile(r"([A-Za-z]+)-$")


def _amount(text: str, numeral: Numeral, lexicon: UnitLexicon) -> Amount | None:
    """The amount of one numeral, or None where it is part of a name or a word."""
    amount = Amount(numeral.start, numeral.end, numeral.end, numeral.value, numeral.form, numeral.scale)
    if numeral.form == "times":
        amount.unit = Unit(unit_id="times")
        return amount
    money = lexicon.unit_before(text, numeral.start) if numeral.form in {"digits", "words", "vague"} else None
    if money:
        amount.unit, amount.start = money
    elif numeral.form == "digits" and not _starts_freely(text, numeral.start):
        return None
    if text.startswith("0", numeral.start) and _TORN.match(text, numeral.start):
        return None
    _minus(text, amount)
    _unit(text, numeral, amount, lexicon)
    if amount.unit is None and numeral.form == "digits" and _LETTER.match(text, amount.end):
        return None
    if amount.unit is None:
        _count(text, amount)
    elif amount.unit.unit_id in {"year", "month"} and (old := _OLD.match(text, amount.end - 4)):
        amount.is_age, amount.end = True, max(old.end(), amount.end)
    _rate(text, amount)
    return amount


def _starts_freely(text: str, start: int) -> bool:
    """The digits are not the tail of a word or of a hyphenated name."""
    if start and text[start - 1].isalpha():
        return False
    if not start or text[start - 1] != "-":
        return True
    hyphen = _HYPHEN_NAME.search(text[:start])
    return hyphen is None or hyphen[1].lower() in _PREFIX_WORDS


def _minus(text: str, amount: Amount) -> None:
    """A minus sign or word before the amount, or between the currency and the digits."""
    said = text[max(0, amount.start - 6) : amount.start]
    is_said = said.endswith(_MINUS_SIGNS) or said.startswith("minus")
    match = _MINUS.search(text[: amount.start]) if is_said else None
    if match or (amount.is_money and _INNER_MINUS.match(text[amount.start : amount.number_end])):
        amount.value = -amount.value
        amount.start = match.start() if match else amount.start


_ODD = re.compile(r"[\s-]*odd\b")
_LEADS = {"vague": re.compile(r"\s+of\b"), "fraction": re.compile(r"\s+(?:an?|of\s+an?)\b")}
"""Words between the numeral and its unit: hundreds of tons, half a century."""


def _unit(text: str, numeral: Numeral, amount: Amount, lexicon: UnitLexicon) -> None:
    """Unit or currency behind the number, or the magnitude letter of an amount of money."""
    if (amount.is_money or numeral.scale == 1) and numeral.form == "digits":
        suffix = lexicon.money_suffix.match(text, numeral.end)
        if suffix and (
            amount.is_money or suffix["s"] in {"bn", "M", "tn"} or _money_follows(text, suffix.end(), lexicon)
        ):
            amount.scale = Decimal(lexicon.suffix_values[suffix["s"].lower()])
            amount.value *= amount.scale
            amount.end = amount.number_end = suffix.end()
    lead = _LEADS[numeral.form].match(text, amount.end) if numeral.form in _LEADS else _ODD.match(text, amount.end)
    after = lexicon.unit_after(text, lead.end() if lead else amount.end)
    if after is None:
        dollars = _US_AFTER.match(text, amount.end) if amount.is_money else None
        amount.end = dollars.end() if dollars else amount.end
        return
    unit, end = after
    if amount.unit is None or (amount.is_money and unit.currency is not None):
        amount.unit, amount.end = unit, end
    if unit.unit_id == "times" and _are_occasions(text, amount, end):
        amount.unit, amount.counted = Unit(unit_id="count", counted="time"), "time"


def _are_occasions(text: str, amount: Amount, end: int) -> bool:
    """Whether "ten times", which end at `end`, say how often something happened."""
    printed = text[amount.number_end : end].strip(" -").lower()
    if printed not in {"time", "times"} or amount.value != amount.value.to_integral():
        return False
    grown = _GROWN.search(text, max(0, amount.start - _GROWN_REACH), amount.start)
    return not (_MULTIPLE.match(text, end) or grown)


_MULTIPLE = _PATTERN["multiple"]
"""After "ten times": a multiple of something, and not how often it happened."""
_GROWN = _PATTERN["grown"]
"""Before "ten times": something grew so many times, or was made to."""
_GROWN_REACH = 70
_US_AFTER = re.compile(r"\s+U\.?S\.?(?=\s|$|,)")


def _money_follows(text: str, end: int, lexicon: UnitLexicon) -> bool:
    return lexicon.money.match(text, end) is not None


_OF_AFTER = re.compile(r"\s+of(?:\s+(?:the|its|their|these|those))?(?=\s)")
_OF_MANY = re.compile(r"\s+of\s+[a-z]+(?:s|ren|men)\b(?!\s+of\b)")
"""Behind a large number: what it counts, with a needless "of" (13 000 of children)."""
_OF_WHICH = re.compile(r"\s+of\s+(?:them|these|those|whom|which|the|its|their|our|his)\b")
"""Behind a number of things that the words before or after name (nine of the 20 cities)."""
_OLD = re.compile(r"(?:-old|.{0,4}[\s-]+(?:old|of\s+age))\b")
_AGE_BEFORE = _PATTERN["age_before"]
_CAPITAL_BEFORE = re.compile(r"(?:^|[^.!?\s]\s)(?:[A-Z][\w'’&.-]*)\s$")


def _count(text: str, amount: Amount) -> None:
    """The counted noun, an age, or the name a bare number belongs to."""
    is_vague = amount.form in {"vague", "fraction"} or (amount.value >= _LARGE and _OF_MANY.match(text, amount.end))
    lead = (_OF_AFTER.match(text, amount.end) if is_vague else None) or _ODD.match(text, amount.end)
    counted = counted_after(text, lead.end() if lead else amount.end, amount.value == 1)
    before = text[max(0, amount.start - 40) : amount.start]
    follows_word = amount.form == "digits" and before[-1:].isspace()
    if counted and (lead or amount.form != "fraction"):
        amount.counted, amount.end = counted
        amount.unit = Unit(unit_id="count", counted=counted[0])
    elif follows_word and _AGE_BEFORE.search(before) and re.match(r"\s*[,.)]|\s", text[amount.end :] or " "):
        amount.unit, amount.is_age = Unit(unit_id="year"), True
    elif follows_word and amount.value == amount.value.to_integral() and _CAPITAL_BEFORE.search(before):
        amount.is_name = True
    elif amount.form in {"digits", "words"} and 1 < amount.value == amount.value.to_integral():
        amount.unit = Unit(unit_id="count") if _OF_WHICH.match(text, amount.end) else None


def _rate(text: str, amount: Amount) -> None:
    if amount.unit is None and amount.value < _LARGE:
        return
    of_them = _OF_THEM.match(text, amount.end)
    for pattern in (_PER, _TO_EVERY):
        match = pattern.match(text, of_them.end() if of_them else amount.end)
        if match:
            name = re.sub(r"\s+", " ", match[1].lower())
            amount.per, amount.end = _PER_NAMES.get(name, name), match.end(1)
            return


_CONNECTOR = re.compile(r"\s*(?:-|–|—|~|(?P<to>to)|(?P<or>or)|(?P<and>and))\s*-?\s*")
_TO = re.compile(r"\s*to\s+")
_SIMILAR = 20
"""The ends of a movement lie within this factor of each other, or the magnitude is not shared."""
_BETWEEN = re.compile(r"\bbetween\s*(?:about\s*)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s*(?:(?:about|the|up\s+to)\s*)?$", re.IGNORECASE)
_MOVES = _PATTERN["moves"]


def _joined(text: str, found: list[Amount]) -> list[Amount]:
    kept: list[Amount] = []
    for amount in found:
        if kept and _is_range(text, kept[-1], amount):
            kept[-1] = _range(kept[-1], amount)
        else:
            kept.append(amount)
    for low, high in pairwise(kept):
        _complete(text, low, high)
        _take_noun(text, low, high)
    return kept


_LIST_ITEM = re.compile(r"[^;.\d]{1,60}(?:,(?: and)?|\band) (?:some |about |over |more than |nearly )?")
_OF_LIST = re.compile(r"\s+(?:in|at|from|on|for)\s+(?:the\s+)?[A-Z]|\s+(?:wounded|injured|killed|missing|dead|hurt)\b")
"""Behind a number that goes on counting what the one before counted (ten mills in Anju, eight in Kusong)."""


def _take_noun(text: str, first: Amount, next_one: Amount) -> None:
    """A bare number of a list takes the noun of the number before it."""
    if next_one.unit is not None or next_one.form not in {"digits", "words"} or next_one.high is not None:
        return
    counts = first.unit is not None and first.unit.unit_id in COUNTED
    if not counts or next_one.value != next_one.value.to_integral() or next_one.is_name:
        return
    gap = text[first.end : next_one.start]
    if _LIST_ITEM.fullmatch(gap) and _OF_LIST.match(text, next_one.end):
        next_one.unit = first.unit


def _complete(text: str, low: Amount, high: Amount) -> None:
    """The first end of a movement takes what only the second states (from 4.3 to 4.7 percent, $89 to $93 billion)."""
    before = text[max(0, low.start - 80) : low.start]
    if not (_TO.fullmatch(text, low.end, max(low.end, high.start)) and _FROM.search(before)) or low.counted or high.per:
        return
    if low.unit not in {None, high.unit} or high.unit is None or "fraction" in (low.form, high.form):
        return
    low.unit = high.unit
    if low.scale == 1 and high.scale > 1 and _SIMILAR > low.value * high.scale / high.value > 1 / _SIMILAR:
        low.value, low.scale = low.value * high.scale, high.scale


def _is_range(text: str, low: Amount, high: Amount) -> bool:
    """The two are the ends of one range, and not where a movement began and ended."""
    if low.high is not None or "fraction" in (low.form, high.form) or low.counted or low.per:
        return False
    match = _CONNECTOR.fullmatch(text[low.end : high.start]) if low.end <= high.start else None
    if match is None or not (low.unit is None or low.unit == high.unit):
        return False
    before = text[max(0, low.start - 80) : low.start]
    if match["and"]:
        return _BETWEEN.search(before) is not None
    if match["or"]:
        return low.unit is None and high.unit is not None and low.value < high.value
    if match["to"] and (low.unit is not None or _FROM.search(before)) and _MOVES.search(before):
        return False
    return _scaled_low(low, high) < high.value


def _scaled_low(low: Amount, high: Amount) -> Decimal:
    """The lower end, in the magnitude that only the upper end states ("1 to 2 thousand")."""
    return low.value * high.scale if low.scale == 1 and low.value * high.scale < high.value else low.value


def _range(low: Amount, high: Amount) -> Amount:
    return Amount(
        low.start, high.end, high.number_end, _scaled_low(low, high), high.form,
        scale=high.scale, high=high.value, unit=high.unit, counted=high.counted, per=high.per, rule="range",
    )  # fmt: skip
