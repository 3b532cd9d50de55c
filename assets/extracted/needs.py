"""Which rules are worth trying on a sentence: one pass over it for the words of which each rule needs one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ahocorasick_rs as ac


class Needs:
    """The words that rules need, in one automaton.

    A rule is worth trying where one of its words stands anywhere in the text, also inside a longer word.
    """

    def __init__(self, words_of_rules: Iterable[Sequence[str]]) -> None:
        """Take for each rule, in order, its lower-case words; a rule that lists none is never found."""
        rules: dict[str, list[int]] = {}
        for index, words in enumerate(words_of_rules):
            for word in words:
                rules.setdefault(word, []).append(index)
        self._rules = list(rules.values())
        self._automaton = ac.AhoCorasick(list(rules), matchkind=ac.MatchKind.Standard, store_patterns=False)

    def met_by(self, lowered: str) -> list[int]:
        """The rules, by their place and in order, one of whose words stands in the lower-case text."""
        words = {word for word, _, _ in self._automaton.find_matches_as_indexes(lowered, overlapping=True)}
        return sorted({rule for word in words for rule in self._rules[word]})
