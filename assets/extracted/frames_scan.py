"""One pass over a document for all cue words: which rules may fire on which sentence.

The cue words of every rule (`words` in its file) and the verbs of the lexicon go into one Aho–Corasick automaton, so
the patterns, which are slow, run only on the sentences and for the rules whose words are there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick

from assets.extracted.document import Document
from assets.extracted.frames_patterns import lowered
from assets.extracted.frames_verbs import doing_words
from assets.extracted.rules import rules

KINDS = ("targets", "results", "review_rules")
VERBS = "verbs"
_KEPT = 4096  # sets of rules that `named` remembers; a few hundred occur


@cache
def _rules() -> tuple[tuple[str, str], ...]:
    """(kind, rule) of each bit of a sentence's mask."""
    names = [(kind, rule.name) for kind in KINDS for rule in rules(kind) if rule.options.get("words")]
    return (*names, ("results", VERBS))


@cache
def bits_of(kind: str) -> int:
    """The bits of a sentence's mask that stand for rules of `kind`."""
    return sum(1 << bit for bit, (of, _) in enumerate(_rules()) if of == kind)


@lru_cache(maxsize=_KEPT)
def named(mask: int) -> frozenset[str]:
    """The names of the rules whose bits are set, all of one kind."""
    return frozenset(name for bit, (_, name) in enumerate(_rules()) if mask >> bit & 1)


@cache
def _automaton() -> tuple[AhoCorasick, tuple[int, ...], tuple[bool, ...]]:
    """The automaton, for each of its words the bits of the rules it is a cue of, and whether it opens with a letter."""
    bits = {name: 1 << bit for bit, name in enumerate(_rules())}
    cues: dict[str, int] = defaultdict(int)
    for kind in KINDS:
        for rule in rules(kind):
            for word in rule.options.get("words", ()):
                cues[word] |= bits[kind, rule.name]
    for word in doing_words():
        cues[word] |= bits["results", VERBS]
    words = list(cues)
    return AhoCorasick(words), tuple(cues.values()), tuple(w[0].isalpha() for w in words)


def fired(document: Document) -> dict[int, int]:
    """For the sentences (by index, in order) in which a cue word begins: the mask of the rules that it is a cue of."""
    automaton, cues, letters = _automaton()
    text = lowered(document.text)
    starts = [s.start for s in document.sentences]
    masks = [0] * (len(starts) + 1)  # the last is of what stands before the first sentence
    for word, start, _ in automaton.find_matches_as_indexes(text, overlapping=True):
        if not (letters[word] and start and text[start - 1].isalnum()):
            masks[bisect_right(starts, start) - 1] |= cues[word]
    return {index: mask for index, mask in enumerate(masks[:-1]) if mask}
