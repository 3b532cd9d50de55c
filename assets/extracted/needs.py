"""Which rules are worth trying on a sentence, and where: one pass for the words of which each rule needs one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product

import ahocorasick_rs as ac

from assets.extracted.document import Document
from assets.extracted.frames_patterns import lowered as aligned_lower
from assets.extracted.rules import Rule

_CHARACTERS = {"{d}": "0123456789", "{a}": "abcdefghijklmnopqrstuvwxyz"}
_TOKEN = re.compile(r"\{[da]\}|.", re.DOTALL)
Tried = tuple[int, Sequence[int] | None]
"""A rule by its place, and where its matches may begin if it says with what, in any order; None: anywhere."""


class Needs:
    """The words that rules need, in one automaton.

    A rule is worth trying where one of its words stands anywhere in the text, also inside a longer word. In a word {d}
    stands for any digit, {a} for any letter from a to z, | at its beginning or end for the edge of a word, and ^ at its
    beginning for a capital letter there.
    """

    def __init__(
        self,
        words_of_rules: Iterable[Sequence[str]],
        starts_of_rules: Iterable[Sequence[str]] | None = None,
        also_of_rules: Iterable[Sequence[str]] | None = None,
    ) -> None:
        """Take for each rule, in order, its lower-case words, those with which its matches begin, if it says so, and
        further words of which one must stand in the text too.

        A rule that lists no words is never found.
        """
        words_of_rules = list(words_of_rules)
        self._count = len(words_of_rules)
        starts = list(starts_of_rules) if starts_of_rules is not None else [()] * self._count
        also = list(also_of_rules) if also_of_rules is not None else [()] * self._count
        self._starting = _bits(index for index, words in enumerate(starts) if words)
        self._single = _bits(index for index, words in enumerate(also) if not words)
        # The bit of a rule's further words stands as many places above its own as there are rules.
        needing, beginning = _by_word([*words_of_rules, *also] if any(also) else words_of_rules), _by_word(starts)
        written = list(dict.fromkeys([*needing, *beginning]))
        self._edges = [(w.startswith("|"), w.endswith("|")) if "|" in w else None for w in written]
        self._capital = [w.startswith("^") for w in written]
        self._met = [_bits(needing.get(w, ())) for w in written]
        self._begun = [_bits(beginning.get(w, ())) for w in written]
        self._plan = lru_cache(maxsize=1 << 12)(self._planned)  # the same words come together again and again
        self._automaton = ac.AhoCorasick(
            [w.strip("|^") for w in written],
            matchkind=ac.MatchKind.Standard,
            store_patterns=False,
            implementation=ac.Implementation.DFA,  # some hundred words: a table of them is small and four times as fast
        )

    def met_by(self, lowered: str) -> list[int]:
        """The rules, by their place and in order, one of whose words stands in the lower-case text."""
        met, _ = self._found(lowered, lowered, cased=False)
        return list(members(self._ready(met)))

    def tried(self, text: str) -> list[Tried]:
        """The rules met by a text, in order, and the places at which those that say with what they begin may match;
        of these only the ones with such a place."""
        lowered = text.lower()
        aligned = len(lowered) == len(text)  # else a letter's small form is longer: the places would be others
        met, begun = self._found(lowered, text, cased=aligned)
        if not aligned:
            return [(rule, None) for rule in members(self._ready(met))]
        return self._to_try(met, begun)

    def begun_in(self, text: str) -> tuple[int, list[tuple[int, int]]]:
        """The rules met by a text, as bits of a number, and the places in order at which words stand with which rules
        begin, each with all of these rules, as bits too; `anywhere` are the rules that do not say with what they begin.
        """
        lowered = text.lower()
        if len(lowered) != len(text):
            lowered = aligned_lower(text)
        met, begun = self._found(lowered, text, cased=True)
        places = [(place, rules) for rules, found in begun.items() for place in found]
        return self._ready(met), sorted(places) if len(places) > 1 else places

    @property
    def anywhere(self) -> int:
        """The rules that do not say with what they begin, as bits of a number."""
        return ~self._starting

    def by_sentence(self, document: Document) -> Iterator[tuple[int, list[Tried]]]:
        """The sentences of a document, by index, that hold what some rule needs, in order, each with these rules and
        the places in it where their matches may begin, as `tried` has them. One pass over the whole text.
        """
        lowered, text, sentences = aligned_lower(document.text), document.text, document.sentences
        edges, capital, needing, beginning = self._edges, self._capital, self._met, self._begun
        index, low, high, met = -1, 0, 0, 0
        begun: dict[int, list[int]] = {}
        for word, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):
            if end > high:  # words are found in the order of their ends: the sentence before is done
                if met and (tried := self._to_try(met, begun)):
                    yield index, tried
                met, begun = 0, {}
                while end > high and index + 1 < len(sentences):
                    index += 1
                    low, high = sentences[index].start, sentences[index].end
            if start < low or end > high:
                continue
            if (edge := edges[word]) is not None and (
                (edge[0] and start > low and lowered[start - 1].isalnum())
                or (edge[1] and end < high and lowered[end].isalnum())
            ):
                continue
            if capital[word] and not text[start].isupper():
                continue
            met |= needing[word]
            if rules := beginning[word]:
                begun.setdefault(rules, []).append(start - low)
        if met and (tried := self._to_try(met, begun)):
            yield index, tried

    def _to_try(self, met: int, begun: dict[int, list[int]]) -> list[Tried]:
        """The rules to try, with their places, of those met."""
        ready = self._ready(met)
        if not ready:
            return []
        return [
            (rule, None if groups is None else [at for group in groups for at in begun[group]])
            for rule, groups in self._plan(ready, tuple(begun))
        ]

    def _ready(self, met: int) -> int:
        """Of the rules met those that need no further word, or of whose further words one is met too."""
        return met & (met >> self._count | self._single)

    def _planned(self, met: int, begun: tuple[int, ...]) -> list[tuple[int, tuple[int, ...] | None]]:
        """The rules to try of those met, each with the groups of rules that begin with a word found to which it
        belongs; None for a rule that may begin anywhere."""
        plan: list[tuple[int, tuple[int, ...] | None]] = []
        for rule in members(met):
            groups = tuple(group for group in begun if group >> rule & 1)
            if groups or not self._starting >> rule & 1:
                plan.append((rule, groups if self._starting >> rule & 1 else None))
        return plan

    def _found(self, lowered: str, text: str, *, cased: bool) -> tuple[int, dict[int, list[int]]]:
        """The rules that need a word of the text, as bits of a number, and by the rules that begin with a word, as bits
        too, where it stands; `cased` says that the letters of the text tell capitals."""
        met = 0
        begun: dict[int, list[int]] = {}
        edges, capital, needing, beginning = self._edges, self._capital, self._met, self._begun
        for word, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):
            if (edge := edges[word]) is not None and (
                (edge[0] and start and lowered[start - 1].isalnum()) or (edge[1] and lowered[end : end + 1].isalnum())
            ):
                continue
            if cased and capital[word] and not text[start].isupper():
                continue
            met |= needing[word]
            if rules := beginning[word]:
                if rules in begun:
                    begun[rules].append(start)
                else:
                    begun[rules] = [start]
        return met, begun


def _bits(rules: Iterable[int]) -> int:
    return sum({1 << rule for rule in rules})


def members(rules: int) -> Iterator[int]:
    """The rules that a number holds as bits, by their place and in order."""
    while rules:
        lowest = rules & -rules
        yield lowest.bit_length() - 1
        rules ^= lowest


def needs_of(rules: Sequence[Rule]) -> Needs:
    """The needs of rules that list `needs`, and `starts` or the same as starts where `begins` is true, and `also`."""
    return Needs(
        (r.options["needs"] for r in rules),
        (r.options["needs"] if r.options.get("begins") else r.options.get("starts", ()) for r in rules),
        (r.options.get("also", ()) for r in rules),
    )


def matches(pattern: re.Pattern[str], text: str, places: Sequence[int] | None) -> Iterable[re.Match[str]]:
    """The matches of a pattern in order, none overlapping; only what begins at the places, if any are given."""
    if places is None:
        return pattern.finditer(text)
    found, at = [], 0
    for place in places if len(places) == 1 else sorted(places):
        if place >= at and (match := pattern.match(text, place)):
            found.append(match)
            at = max(match.end(), place + 1)
    return found


def _by_word(words_of_rules: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    """The rules, by their place, of each word as the automaton looks for it."""
    rules: dict[str, list[int]] = {}
    for index, words in enumerate(words_of_rules):
        for word in {expanded for w in words for expanded in _expanded(w)}:
            rules.setdefault(word, []).append(index)
    return rules


def _expanded(word: str) -> Iterator[str]:
    return ("".join(letters) for letters in product(*(_CHARACTERS.get(t, t) for t in _TOKEN.findall(word))))
