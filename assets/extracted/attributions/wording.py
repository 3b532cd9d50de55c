"""The rules of attributions.toml that are read in the text, in the form in which they are read."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from assets.extracted.attributions.offices import by_use
from assets.extracted.needs import Needs
from assets.extracted.quotations.verbs import verbs_like
from assets.extracted.rules import Rule
from assets.extracted.rules.grouping import grouped


class Wording(NamedTuple):
    """A rule with what must stand before its words: right before, or somewhere before."""

    rule: Rule
    use: str
    before: re.Pattern[str] | None
    before_words: Needs | None
    after_outlet: bool


@cache
def vouching() -> dict[str, re.Pattern[str] | None]:
    """The verbs of saying that vouch for what is said (not "ask", "sing", "hail"), each with what must follow it where
    it vouches if it has other uses too."""
    follows = {
        verb: rule.pattern
        for use in ("complement", "content")
        for rule in by_use(use)
        for verb in rule.options["verbs"]
    }
    return {verb: follows.get(verb) for verb in verbs_like(by_use("asserting")[0].pattern)}


@cache
def of_text(outside: bool) -> tuple[Needs, tuple[Wording, ...]]:
    """The rules read in the text, with the words at which their patterns begin; fewer for the state's own pages."""
    found = tuple(
        rule
        for use in ("phrase", "verb", "own")
        for rule in by_use(use)
        if outside or not (use == "own" or rule.options.get("outside"))
    )
    words = [_whole(rule.options["words"]) for rule in found]
    needed = [_whole(rule.options.get("needs", ())) or begins for rule, begins in zip(found, words, strict=True)]
    return Needs(needed, words), tuple(_wording(rule) for rule in found)


def _whole(words: list[str]) -> list[str]:
    return [f"|{word.lower()}|" for word in words]


def _wording(rule: Rule) -> Wording:
    before, words = rule.options.get("before"), rule.options.get("before_words")
    return Wording(
        rule,
        rule.options["use"],
        re.compile(grouped(before, ignore_case=False)) if before else None,
        Needs([words]) if words else None,
        bool(rule.options.get("after_outlet")),
    )
