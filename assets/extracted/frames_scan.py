"""One pass over a document for all cue words: which rules may fire on which sentence.

The cue words of every rule (`words` in its file) and the verbs of the lexicon go into one Aho–Corasick automaton, so
the patterns, which are slow, run only on the sentences and for the rules whose words are there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cache

from ahocorasick_rs import AhoCorasick

from assets.extracted.document import Document
from assets.extracted.frames_patterns import lowered
from assets.extracted.frames_verbs import doing_words
from assets.extracted.rules import rules

KINDS = ("targets", "results", "assessments", "review_rules")
VERBS = "verbs"
Fired = dict[str, frozenset[str]]


@cache
def _automaton() -> tuple[AhoCorasick, tuple[tuple[tuple[str, str], ...], ...], tuple[bool, ...]]:
    """The automaton, for each of its words the (kind, rule) it is a cue of, and whether it begins with a letter."""
    cues: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind in KINDS:
        for rule in rules(kind):
            for word in rule.options.get("words", ()):
                cues[word].append((kind, rule.name))
    for word in doing_words():
        cues[word].append(("results", VERBS))
    words = list(cues)
    return AhoCorasick(words), tuple(tuple(cues[w]) for w in words), tuple(w[0].isalpha() for w in words)


def fired(document: Document) -> dict[int, Fired]:
    """For the sentences (by index) in which a cue word begins: the rules, by kind, that it is a cue of."""
    automaton, cues, letters = _automaton()
    text = lowered(document.text)
    starts = [s.start for s in document.sentences]
    found: dict[int, dict[str, set[str]]] = {}
    for word, start, _ in automaton.find_matches_as_indexes(text, overlapping=True):
        if letters[word] and start and text[start - 1].isalnum():
            continue
        index = bisect_right(starts, start) - 1
        if index >= 0:
            kinds = found.setdefault(index, {})
            for kind, name in cues[word]:
                kinds.setdefault(kind, set()).add(name)
    return {i: {k: frozenset(v) for k, v in kinds.items()} for i, kinds in sorted(found.items())}
