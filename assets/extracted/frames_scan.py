"""One pass over a document for all cue words: which rules may fire on which sentence.

The cue words of every rule go into one Aho–Corasick automaton, so the patterns, which are slow, run only on the
sentences and for the rules whose words are there. A rule needs a cue of its own, which its file names (`words`, or the
text before the verb that it asks for, or the forms of its verbs), and a word that its pattern cannot match without.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from assets.extracted.document import Document
from assets.extracted.frames_patterns import lowered
from assets.extracted.frames_verbs import lexicon
from assets.extracted.rules import Rule, rules
from assets.extracted.rules.required import EDGE, required

KINDS = ("targets", "results", "review_rules")
_KEPT = 4096  # sets of rules that `named` remembers; a few hundred occur
_CUES = {"words", "after", "verbs"}
_DOING = frozenset(("past", "pp", "ing"))


def governs(rule: Rule, action: str, kind: str) -> bool:
    """The rule is on the objects of verbs of this action or class."""
    verbs = rule.options.get("verbs", ())
    return action in verbs or (kind in verbs and kind != "fulfil")


@cache
def _rules() -> tuple[tuple[str, Rule], ...]:
    """(kind, rule) of each bit of a sentence's mask."""
    return tuple((kind, rule) for kind in KINDS for rule in rules(kind) if _CUES & rule.options.keys())


@cache
def bits_of(kind: str) -> int:
    """The bits of a sentence's mask that stand for rules of `kind`."""
    return sum(1 << bit for bit, (of, _) in enumerate(_rules()) if of == kind)


@lru_cache(maxsize=_KEPT)
def named(mask: int) -> frozenset[str]:
    """The names of the rules whose bits are set, all of one kind."""
    return frozenset(rule.name for bit, (_, rule) in enumerate(_rules()) if mask >> bit & 1)


def _cues(rule: Rule) -> list[str]:
    """The words, at the edge of a word unless they begin with a sign, of which the rule needs one."""
    if words := rule.options.get("words"):
        return [EDGE * word[0].isalpha() + word for word in words]
    if after := rule.options.get("after"):
        return [after]
    return [
        EDGE + surface + EDGE
        for surface, verbs in lexicon().items()
        if any(v.forms & _DOING and governs(rule, v.action, v.kind) for v in verbs)
    ]


@cache
def _automaton() -> tuple[AhoCorasick, tuple[tuple[int, bool, bool], ...], int]:
    """The automaton, for each of its words the bits it sets and whether it stands at the edges of a word, and the rules
    that need no second word. The bit of a rule's second word stands as many places above its own as there are rules."""
    count = len(_rules())
    bits: dict[str, int] = defaultdict(int)
    single = 0
    for bit, (_, rule) in enumerate(_rules()):
        cues = _cues(rule)
        for word in cues:
            bits[word] |= 1 << bit
        second = required(rule.pattern)
        if all(any(word.strip(EDGE) in cue for word in second) for cue in cues):
            second = frozenset()  # it stands in every cue
        for word in second:
            bits[word] |= 1 << bit + count
        single |= (not second) << bit
    automaton = AhoCorasick(
        [word.strip(EDGE) for word in bits],
        matchkind=MatchKind.Standard,
        store_patterns=False,
        implementation=Implementation.DFA,
    )
    return automaton, tuple((mask, w.startswith(EDGE), w.endswith(EDGE)) for w, mask in bits.items()), single


def fired(document: Document) -> dict[int, int]:
    """For the sentences (by index, in order) that hold the words of a rule: the mask of the rules whose words do."""
    automaton, words, single = _automaton()
    text = lowered(document.text)
    starts = [*(s.start for s in document.sentences), len(text) + 1]
    masks = [0] * len(starts)  # the last is of what stands before the first sentence
    index, following = -1, starts[0]
    for word, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
        mask, begins, ends = words[word]
        if (begins and start and text[start - 1].isalnum()) or (ends and text[end : end + 1].isalnum()):
            continue
        while start >= following:
            index += 1
            following = starts[index + 1]
        masks[index] |= mask
    count = len(_rules())
    return {i: ready for i, mask in enumerate(masks[:-1]) if mask and (ready := mask & (mask >> count | single))}
