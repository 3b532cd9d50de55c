"""Verbs of saying: every place of a text where one stands, with what the words right before make of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from assets.extracted.quotations.phrases import last_word, may_end, phrase

_BEFORE = 30
_COMPOUND_WITHIN = 60
_JOINING = ("’", "'", "-", "_")
_JOINED = ("-", "_")


class Verb(NamedTuple):
    """A verb of saying in a text: what is described has a passive one, what may be said a hypothetical one."""

    start: int
    end: int
    word: str
    is_passive: bool = False
    is_negated: bool = False
    is_hypothetical: bool = False

    @property
    def is_said(self) -> bool:
        """Whether the verb's subject says something, and not may say it, or is talked about."""
        return not (self.is_passive or self.is_negated or self.is_hypothetical)


class _Form(NamedTuple):
    """A verb as it is written, and what else it may be."""

    word: str
    may_be_noun: bool
    may_be_compound: bool
    takes_clause: bool
    is_participle: bool


class _Lead(NamedTuple):
    """What a verb can be after a word, and which longer patterns may end with that word."""

    is_before_noun: bool
    is_before_verb: bool
    passive: bool
    negated: bool
    hypothetical: bool
    is_auxiliary: bool


@cache
def verbs() -> frozenset[str]:
    """The verbs of saying, every form of them: the alternatives of the fragment `said` of cues.toml."""
    data = tomllib.loads((files("assets.extracted.rules") / "cues.toml").read_text(encoding="utf-8"))
    return frozenset(data["fragments"]["said"].removeprefix("(?:").removesuffix(")").split("|"))


@cache
def verbs_like(pattern: re.Pattern[str]) -> frozenset[str]:
    """The verbs of saying in which a pattern is found."""
    return frozenset(v for v in verbs() if pattern.search(v))


@cache
def _finder() -> tuple[AhoCorasick, tuple[_Form, ...]]:
    ordered = sorted(verbs())
    automaton = AhoCorasick(ordered, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return automaton, tuple(_form(v) for v in ordered)


@cache
def _form(word: str) -> _Form:
    return _Form(
        word,
        phrase("noun_or_verb").match(word) is not None,
        phrase("compound_noun").search(f"The Coal {word}") is not None,  # "a Coal Wire report"
        phrase("clause_verb").match(word) is not None,
        not word.startswith("quot") and phrase("participle").match(word) is not None,  # to be quoted is to talk
    )


@lru_cache(maxsize=20_000)
def _lead(last: str) -> _Lead:
    """What words mean for a verb after them, as far as the last one tells: the same few words stand before verbs."""
    word = last.rstrip()
    passive, negated, hypothetical = (may_end(n, last) is not None for n in ("passive", "negated", "hypothetical"))
    return _Lead(
        phrase("noun_before").search(word) is not None,
        phrase("verb_position").search(word) is not None,
        passive,
        negated,
        hypothetical,
        is_auxiliary=passive or negated or hypothetical,
    )


@lru_cache(maxsize=8)
def verbs_of_saying(text: str) -> Sequence[Verb]:
    """The verbs of saying in `text`, as `speech_verb` of cues.toml has them.

    Quotations and attributions ask the same of a text, one after the other.
    """
    automaton, forms = _finder()
    found: list[Verb] = []
    for index, at, stop in automaton.find_matches_as_indexes(text):
        before, after = text[at - 1 : at], text[stop : stop + 1]
        if before != " " and (before.isalnum() or before in _JOINING):
            continue
        if after != " " and (after.isalnum() or after in _JOINED):
            continue
        words = text[at - _BEFORE : at] if at > _BEFORE else text[:at]
        lead, form = _lead(words[words.rstrip().rfind(" ") + 1 :]), forms[index]
        if lead.is_before_noun or (form.may_be_noun and not _is_verb(text, form, lead, at)):
            continue
        if lead.is_auxiliary:
            found.append(Verb(at, stop, form.word, *_told_of(form, lead, words)))
        else:
            found.append(Verb(at, stop, form.word))
    return found


def _is_verb(text: str, form: _Form, lead: _Lead, at: int) -> bool:
    """Whether a word that may be a noun is a verb where it stands."""
    stop = at + len(form.word)
    if not lead.is_before_verb and not (form.takes_clause and text.startswith(" that ", stop)):
        return False
    compound = phrase("compound_noun")
    return not form.may_be_compound or not compound.search(text[max(0, at - _COMPOUND_WITHIN) : stop])


def _told_of(form: _Form, lead: _Lead, words: str) -> tuple[bool, bool, bool]:
    """Whether a verb after these words is passive, negated, hypothetical."""
    return (
        form.is_participle and lead.passive and phrase("passive").search(words) is not None,
        lead.negated and phrase("negated").search(words) is not None,
        lead.hypothetical and phrase("hypothetical").search(words) is not None,
    )


def verb_at(text: str, word: str, at: int) -> Verb:
    """A verb that stands at `at`, with what the words before make of it."""
    words = text[max(0, at - _BEFORE) : at]
    lead = _lead(last_word(words))
    return Verb(at, at + len(word), word, *(_told_of(_form(word), lead, words) if lead.is_auxiliary else ()))


def is_verb(text: str, word: str, at: int) -> bool:
    """Whether a word that may be a noun ("the report", "his claims") is a verb where it stands."""
    lead, form = _lead(last_word(text[max(0, at - _BEFORE) : at])), _form(word)
    return not lead.is_before_noun and (not form.may_be_noun or _is_verb(text, form, lead, at))
