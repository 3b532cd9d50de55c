"""Numerals in running text: digits, number words, fractions and vague amounts, as exact decimals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from typing import NamedTuple

from assets.extracted.needs import Needs
from assets.extracted.rules import rules

Match = re.Match[str]

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL: dict[str, int] = {w: n for n, w in enumerate([*_UNITS.split(), "seventeen", "eighteen", "nineteen"])}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL |= {w: n * 10 for n, w in enumerate(_TENS, start=2)} | {"a": 1, "an": 1}
_SCALES: dict[str, Decimal] = {
    "ten": Decimal(10),
    "dozen": Decimal(12),
    "score": Decimal(20),
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(10**6),
    "mln": Decimal(10**6),
    "billion": Decimal(10**9),
    "bln": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_PARTS = ("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_FRACTIONS: dict[str, int] = {w: n for n, w in enumerate(_PARTS, start=2)} | {"fourth": 4}
_START = re.compile(
    r"[0-9.½¼¾⅓⅔aotfsenhdmbzAOTFSENHDMBZ](?:(?<=[0-9½¼¾⅓⅔])|(?<=\.)(?<![\w.]\.)(?=\d)|(?<=\b[A-Za-z])(?i:"
    r"(?<=o)ne|(?<=t)(?:wo|wice|hrice|hree|en|welve|wenty|hirty|hirteen|ens|housands|rillions)|"
    r"(?<=f)(?:our|ive|ourteen|ifteen|orty|ifty)|(?<=s)(?:ix|even|ixteen|eventeen|ixty|eventy|everal|cores)|"
    r"(?<=e)(?:ight|leven|ighteen|ighty)|(?<=n)(?:ine|ineteen|inety)|(?<=h)(?:alf|undreds)|(?<=d)ozens|"
    r"(?<=m)illions|(?<=b)illions|(?<=z)ero|"
    r"(?<=a)n?(?=\s+(?:few|couple|dozen|hundred|thousand|[mbtr]+illion|third|quarter|fourth|fifth|sixth|seventh|eighth|"
    r"ninth|tenth|year|month|week|day|hour|decade|century|ton|hectare)|-(?:third|quarter|fifth))"
    r")\b)"
)
"""What a numeral begins with; tried where a digit or one of the words below stands."""
_MEASURED = (
    *("few", "couple", "dozen", "hundred", "thousand", "million", "billion", "trillion", "third", "quarter", "fourth"),
    *("fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "year", "month", "week", "day", "hour", "decade"),
    *("century", "ton", "hectare"),
)
"""Words that make an article before them a number."""
_OPENING = frozenset({"zero", "several", "half", "twice", "thrice"})
_OPENING_MANY = ("tens", "dozens", "scores", "hundreds", "thousands", "millions", "billions", "trillions")
_DIGIT = re.compile(r"[0-9½¼¾⅓⅔]|\.(?<![\w.]\.)(?=\d)")
"""What a numeral begins with that is not written in words."""
_ONE = Decimal(1)
_SIGNS = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3)}


class Numeral(NamedTuple):
    """A number as printed: offsets into the text, its value, and the form it is printed in.

    `scale` is what a word such as million multiplied it by, 1 without one. Forms: digits, words, fraction, vague,
    times.
    """

    start: int
    end: int
    value: Decimal
    form: str
    scale: Decimal = _ONE


def numerals(text: str, places: Sequence[int] | None = None) -> Iterator[Numeral]:
    """The numerals of a text from left to right, none overlapping another.

    `places` are those of `number_places` of the same text, also as it was before parts of it were blanked out.
    """
    position = 0
    readers = _readers()
    for place in number_places(text) if places is None else places:
        if place < position or _START.match(text, place) is None:
            continue
        position = place + 1
        match = _master(text[place].isalpha()).match(text, place)
        if match is None:
            continue
        rule = readers[match.lastgroup or ""]
        found = match if rule.is_read_at_once else rule.pattern.match(text, place)
        if found is not None:
            position = found.end()
            yield rule.read(found)


def words_to_number(words: str) -> Decimal:
    """The value of number words ("one hundred and five", "three million"). Raises KeyError for another word."""
    if (plain := _SMALL.get(words.lower())) is not None:
        return Decimal(plain)
    total, group = Decimal(0), Decimal(0)
    for word in re.split(r"[\s-]+", words.lower()):
        if word == "and":
            continue
        if word == "hundred":
            group = (group or Decimal(1)) * 100
        elif word in _SCALES and word != "ten":
            total, group = total + (group or Decimal(1)) * _SCALES[word], Decimal(0)
        else:
            group += _SMALL[word]
    return total + group


def number_places(text: str, *, in_words: bool = True) -> list[int]:
    """The places at which a numeral may begin, in order; some that cannot begin one are among them.

    `in_words` is false for a text that is known to hold no number in words.
    """
    places = [m.start() for m in _DIGIT.finditer(text)]
    if not in_words:
        return places
    tried = _opening().tried(text)
    if tried and tried[0][1] is None:
        return [m.start() for m in _START.finditer(text)]
    return sorted({*places, *(own for _, found in tried for own in found or ())})


@cache
def _opening() -> Needs:
    """The words with which numerals begin; without the edges of words, so that they stand also in the text once parts
    of it are blanked out."""
    articles = [" ".join(words) for words in product(("a", "an"), _MEASURED)]
    parts = [f"{article}-{part}" for article in ("a", "an") for part in ("third", "quarter", "fifth")]
    words = [*sorted({*_OPENING, *_OPENING_MANY, *_SMALL} - {"a", "an"}), *articles, *parts]
    return Needs([words], [words])


def digits_to_number(digits: str) -> Decimal:
    """The value of digits with commas, spaces or a torn decimal point ("843 800", "15. 8")."""
    return Decimal(digits if digits.isdecimal() else re.sub(r"[,\s]", "", digits))


def _count(text: str) -> Decimal:
    return digits_to_number(text) if text[0].isdigit() else words_to_number(text)


def _plain(match: Match, value: Decimal, form: str, scale: Decimal = _ONE) -> Numeral:
    return Numeral(match.start(), match.end(), value, form, scale)


def _read_digits(match: Match) -> Numeral:
    digits, *words = match.group("d", "s", "s2")
    value, scale = digits_to_number(digits), _ONE
    for word in words:
        if word:
            scale *= _SCALES[word.lower()]
    return _plain(match, value if scale is _ONE else value * scale, "digits", scale)


def _read_words(match: Match) -> Numeral:
    words = match[0]
    last = _SCALES.get(re.split(r"[\s-]+", words.lower())[-1], _ONE) if not words.isalpha() else _ONE
    return _plain(match, words_to_number(words), "words", _ONE if last < 1000 else last)


def _read_vague(match: Match) -> Numeral:
    value = Decimal(1)
    for name in ("big", "big2", "one", "one2"):
        value *= _SCALES[match[name].lower().removesuffix("s")] if match[name] else 1
    return _plain(match, value, "vague", value)


def _read_more_than(match: Match) -> Numeral:
    more = _SCALES[(match["one"] or match["one2"]).lower().removesuffix("s")]
    value = words_to_number(match["n"]) * _SCALES[match["big"].lower()] + more
    return _plain(match, value * (_SCALES[match["big2"].lower()] if match["big2"] else 1), "vague")


def _read_dozen(match: Match) -> Numeral:
    name = match["n"].lower()
    return _plain(match, Decimal(6) if name.startswith("half") else 12 * _count(name), "words")


def _read_ratio(match: Match) -> Numeral:
    return _plain(match, _count(match["n"] or match["n2"]) / _count(match["of"] or match["of2"]), "fraction")


def _read_fraction(match: Match) -> Numeral:
    return _plain(match, words_to_number(match["n"]) / _FRACTIONS[match["of"].lower()], "fraction")


def _read_half(match: Match) -> Numeral:
    return _plain(match, Decimal("0.5"), "fraction")


def _read_and_a_half(match: Match) -> Numeral:
    scale = _SCALES[match["s"].lower()] if match["s"] else Decimal(1)
    return _plain(match, (_count(match["n"] or match["d"]) + Decimal("0.5")) * scale, "words", scale)


def _read_spoken(match: Match) -> Numeral:
    whole, part = _count(match["n"]), match["f"]
    digits = part if part.isdigit() else str(words_to_number(part))
    scale = _SCALES[match["s"].lower()] if match["s"] else Decimal(1)
    return _plain(match, Decimal(f"{whole}.{digits}") * scale, "digits", scale)


def _read_slash(match: Match) -> Numeral:
    if not int(match["of"]):
        return _plain(match, Decimal(match["n"]), "digits")
    value = Decimal(match["n"]) / Decimal(match["of"]) + Decimal(match["whole"] or 0)
    return _plain(match, value, "fraction")


def _read_sign(match: Match) -> Numeral:
    over, under = _SIGNS[match["f"]]
    return _plain(
        match, Decimal(match["d"] or 0) + Decimal(over) / Decimal(under), "digits" if match["d"] else "fraction"
    )


def _read_twice(match: Match) -> Numeral:
    return _plain(match, Decimal(2 if match["n"].lower() == "twice" else 3), "times")


_READERS: dict[str, Callable[[Match], Numeral]] = {
    "digits": _read_digits,
    "words": _read_words,
    "vague": _read_vague,
    "more_than": _read_more_than,
    "dozen": _read_dozen,
    "ratio": _read_ratio,
    "fraction": _read_fraction,
    "half": _read_half,
    "and_a_half": _read_and_a_half,
    "spoken": _read_spoken,
    "slash": _read_slash,
    "sign": _read_sign,
    "twice": _read_twice,
}


_DIGITS_ONLY = {"slash", "sign", "digits"}
_WORDS_ONLY = {"vague", "more_than", "fraction", "half", "words", "twice"}
_AT_ONCE = {"digits", "words"}
"""Forms whose readers are content with the match of `_master`: it keeps the groups of the first, the other has none."""


@dataclass(frozen=True, slots=True)
class _NumeralRule:
    pattern: re.Pattern[str]
    read: Callable[[Match], Numeral]
    is_read_at_once: bool


@cache
def _readers() -> dict[str, _NumeralRule]:
    forms = ((r, r.options["form"]) for r in rules("numbers"))
    return {r.name: _NumeralRule(r.pattern, _READERS[form], form in _AT_ONCE) for r, form in forms}


@cache
def _master(in_words: bool) -> re.Pattern[str]:
    """The rules that may begin with a letter, or else with a digit, as one pattern whose outer groups name them."""
    skipped = _DIGITS_ONLY if in_words else _WORDS_ONLY
    patterns = [
        (
            r.name,
            r.pattern.pattern if r.options["form"] in _AT_ONCE else re.sub(r"\(\?P<\w+>", "(?:", r.pattern.pattern),
        )
        for r in rules("numbers")
        if r.options["form"] not in skipped
    ]
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in patterns), re.IGNORECASE)
