"""Verbs of planning and building with the words around them that say whether the act is done, due or denied."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from assets.extracted.frames_patterns import lowered, pattern

_NEGATED = ("n't", "n’t")
_GENITIVE = ("'s", "’s")
_MARKS = " \u00a0“\"‘'"  # what may stand between auxiliary and verb: plans were "carried out"
_TOLD = frozenset(("past", "past_passive", "perfect", "perfect_passive"))
_LEADING = _TOLD | {"base", "infinitive", "modal"}
_BARE = (" help", " helps", " helped", " let", " makes", " made")  # what an infinitive without "to" follows
_DESCRIBED = 8  # words after a verb in which its noun is looked for
_WORD = re.compile(r"[A-Za-z0-9]\w*(?:[’'-]+\w+)*")


@dataclass(frozen=True, slots=True)
class Lemma:
    """A verb: its action name and class, and for phrasal verbs the words that follow the head."""

    action: str
    kind: str
    particle: tuple[str, ...]
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class VerbUse:
    """A verb in a sentence, offsets within the sentence.

    `mood` is one of base, modal, infinitive, modal_passive, infinitive_passive, past, past_passive, perfect,
    perfect_passive, progressive, progressive_passive, participle, present, adjective. `clause_start` is where its
    auxiliaries begin.
    """

    action: str
    kind: str
    mood: str
    negated: bool
    clause_start: int
    start: int
    end: int

    @property
    def is_passive(self) -> bool:
        """The object stands before the verb."""
        return self.mood.endswith("passive")


class _Words(NamedTuple):
    """The words of a sentence in small letters, and where each begins and ends."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


@cache
def _data() -> dict[str, Any]:
    text = (files("assets.extracted.rules") / "frames_verbs.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _words(name: str) -> frozenset[str]:
    """A list of function words of the verb file."""
    return frozenset(_data()["words"][name])


@cache
def outcomes() -> dict[str, str]:
    """The outcome that a finished act of each verb class reports."""
    found: dict[str, str] = _data()["outcomes"]
    return found


@cache
def noun_actions() -> dict[str, str]:
    """The action that each noun of doing names ("construction": build)."""
    found: dict[str, str] = _data()["nouns"]
    return found


@cache
def lexicon() -> dict[str, tuple[Lemma, ...]]:
    """Every form of every verb's head word, with the verbs it may be, phrasal ones first."""
    data = _data()
    irregular: dict[str, list[str]] = data["irregular"]
    found: dict[str, dict[tuple[str, ...], tuple[Lemma, set[str]]]] = {}
    for kind, actions in data["class"].items():
        for action, verbs in actions.items():
            for verb in verbs:
                head, *particle = verb.split()
                for form, surface in inflections(head, irregular):
                    lemma = Lemma(action, kind, tuple(particle), frozenset())
                    found.setdefault(surface, {}).setdefault(tuple(particle), (lemma, set()))[1].add(form)
    return {surface: _longest_first(lemmas) for surface, lemmas in found.items()}


def _longest_first(lemmas: dict[tuple[str, ...], tuple[Lemma, set[str]]]) -> tuple[Lemma, ...]:
    complete = [Lemma(m.action, m.kind, m.particle, frozenset(forms)) for m, forms in lemmas.values()]
    return tuple(sorted(complete, key=lambda m: -len(m.particle)))


def inflections(head: str, irregular: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """(form, surface) of a verb: base, present, past, pp, ing."""
    stem = head
    if re.search(r"[^aeiou]y$", head):
        stem = head[:-1] + "i"
    doubled = re.fullmatch(r"[^aeiou]+[aeiou][bdgmnpt]|tap|refit|commit", head)
    base = head + head[-1] if doubled else head
    yield "base", head
    yield "present", (stem + "es" if stem != head or re.search(r"(?:s|sh|ch|x|z|o)$", head) else head + "s")
    yield "ing", (base[:-1] + "ing" if head.endswith("e") and not head.endswith("ee") else base + "ing")
    if head in irregular:
        yield "past", irregular[head][0]
        yield "pp", irregular[head][1]
        return
    past = stem + "ed" if stem != head else head + "d" if head.endswith("e") else base + "ed"
    yield "past", past
    yield "pp", past
    if head in ("fulfil", "overfulfil", "over-fulfil"):
        yield "past", head + "led"
        yield "pp", head + "led"
        yield "ing", head + "ling"


def verb_uses(text: str) -> list[VerbUse]:
    """The verbs of the lexicon in `text`, in order, with what their auxiliaries say."""
    forms = lexicon()
    small = lowered(text)
    texts = _WORD.findall(small)
    heads = [i for i, word in enumerate(texts) if word in forms]
    if not heads:
        return []
    spans = [m.span() for m in _WORD.finditer(small)]
    words = _Words(texts, [a for a, _ in spans], [b for _, b in spans])
    uses = (_use(text, words, i, forms[texts[i]]) for i in heads if not _is_name(text, words.starts[i]))
    return _settled(text, [use for use in uses if use])


def _settled(text: str, uses: list[VerbUse]) -> list[VerbUse]:
    """The verbs, those whose base and past look alike ("put", "set") having the mood of the verb they are joined to."""
    for k, use in enumerate(uses):
        if use.mood != "past" or not text[use.start : use.end].lower().startswith(_alike()):
            continue
        lead = text[: use.clause_start].rstrip().lower()
        last = next((u for u in reversed(uses[:k]) if u.mood in _LEADING), None)
        joined = lead.endswith((",", " and", " or")) and last is not None and last.mood not in _TOLD
        if joined or lead.endswith(_BARE):
            uses[k] = replace(use, mood="base")
    return uses


@cache
def _alike() -> tuple[str, ...]:
    """The irregular verbs whose past is their base."""
    return tuple(base for base, (past, _) in _data()["irregular"].items() if past == base)


def _is_name(text: str, start: int) -> bool:
    """A capitalised word within a sentence belongs to a name and is no verb."""
    return text[start].isupper() and start > 0 and not text[:start].rstrip().endswith((".", ":", "“", '"'))


def _use(text: str, words: _Words, i: int, lemmas: tuple[Lemma, ...]) -> VerbUse | None:
    for lemma in lemmas:
        last = _particle_end(words, i, lemma)
        if last is None:
            continue
        first, chain = _auxiliaries(text, words, i)
        negated = bool(chain) and "only" not in chain and any(w in _words("negations") or _contracted(w) for w in chain)
        auxiliaries = [w for w in chain if not _is_adverb(w)] if chain else chain
        if auxiliaries:
            mood = _mood(lemma.forms, auxiliaries)
        else:
            mood = _bare_mood(text, words, i, last, lemma.forms, len(chain))
        if mood:
            return VerbUse(
                lemma.action, lemma.kind, mood, negated, words.starts[first], words.starts[i], words.ends[last]
            )
    return None


def _particle_end(words: _Words, i: int, lemma: Lemma) -> int | None:
    """The index of the verb's last word; phrasal verbs may hold an adverb before their particle, and those with a
    noun ("pay close attention") what describes it."""
    at = i
    for wanted in lemma.particle:
        if wanted in _words("nouns_of_verbs"):
            described = words.texts[i + 1 : i + _DESCRIBED]
            return i + 1 + described.index(wanted) if wanted in described else None
        if at + 1 < len(words.texts) and words.texts[at + 1] == wanted:
            at += 1
        elif (
            at == i and at + 2 < len(words.texts) and words.texts[at + 2] == wanted and _is_adverb(words.texts[at + 1])
        ):
            at += 2
        else:
            return None
    return at


def _is_adverb(word: str) -> bool:
    return word in _adverbs() or (word.endswith("ly") and word not in _words("not_adverbs"))


@cache
def _adverbs() -> frozenset[str]:
    return _words("adverbs") | _words("negations")


def _auxiliaries(text: str, words: _Words, i: int) -> tuple[int, list[str]]:
    """The index of the first auxiliary or adverb before word i, and those words in order."""
    first = i
    while first > 0:
        word = words.texts[first - 1]
        if not (word in _auxiliary_words() or _is_adverb(word) or _contracted(word)):
            break
        gap = text[words.ends[first - 1] : words.starts[first]]
        if gap.strip(_MARKS) or "\n" in gap:
            break
        first -= 1
    return first, words.texts[first:i]


@cache
def _auxiliary_words() -> frozenset[str]:
    return _words("modals") | _words("be") | _words("have") | {"to"}


def _contracted(word: str) -> bool:
    return word.endswith(_NEGATED)


def _mood(forms: frozenset[str], chain: list[str]) -> str | None:
    """The mood of a verb that may have these forms, `chain` being the auxiliaries before it."""
    modal = any(w in _words("modals") or (_contracted(w) and w not in ("isn't", "hasn't", "wasn't")) for w in chain)
    to = "to" in chain
    have = not _words("have").isdisjoint(chain)
    if "ing" in forms:
        if chain[-1] == "to":  # a preposition: "committed to building"
            return "participle"
        be = not _words("be").isdisjoint(chain)
        if modal or to:
            return "modal" if be else None
        return "progressive" if be and (not have or "been" in chain) else "participle"
    if chain[-1] in _words("be") and "pp" in forms:
        return _passive(chain, modal, to, have)
    if have and "pp" in forms:
        return None if modal or (to and chain.index("to") < len(chain) - 1) else "perfect"
    if "base" in forms and (modal or to):
        return "infinitive" if to else "modal"
    return None


def _bare_mood(text: str, words: _Words, i: int, last: int, forms: frozenset[str], adverbs: int) -> str | None:
    """The mood of word i, which has no auxiliaries, `adverbs` being the number of adverbs before it."""
    if "ing" in forms:
        return "participle"
    if "past" in forms:
        if _is_finite(text, words, i - adverbs, last):
            return "past"
        return "base" if "base" in forms and _is_joined(text, words, i) else "adjective"
    if "base" in forms:
        return None if _is_before_a_noun(words, i) else "base"
    return "present" if "present" in forms else None


def _is_before_a_noun(words: _Words, i: int) -> bool:
    """A determiner stands before, or the form is an adjective joined to another ("full and perfect supply")."""
    before = words.texts[i - 1] if i > 0 else ""
    if before in _words("before_a_noun"):
        return True
    if words.texts[i] not in _words("also_adjectives") or before not in ("and", "or"):
        return False
    return i + 1 < len(words.texts) and words.texts[i + 1] not in _words("before_a_noun")


def _passive(chain: list[str], modal: bool, to: bool, have: bool) -> str:
    if modal:
        return "modal_passive"
    if to:
        return "infinitive_passive"
    if have:
        return "perfect_passive"
    if "being" in chain:
        return "progressive_passive"
    return "past_passive" if chain[-1] in ("was", "were", "been") else "present_passive"


def _is_joined(text: str, words: _Words, i: int) -> bool:
    """The word follows a comma or "and", so that a form that is base and past alike ("cut down") may be the base."""
    before = text[: words.starts[i]].rstrip()
    return before.endswith(",") or (i > 0 and words.texts[i - 1] in ("and", "or", "thus"))


def _is_finite(text: str, words: _Words, first: int, last: int) -> bool:
    """A past form with a subject before it and an object after it, not a participle that describes a noun. `first` is
    the first of its adverbs ("the already completed mill", "the mill's increased output")."""
    if first > 0:
        before = words.texts[first - 1]
        describes = before in _words("not_a_subject") or before.endswith(_GENITIVE)
        if describes and not text[words.ends[first - 1] : words.starts[first]].strip():
            return False
    after = pattern("adverbial").sub("", text[words.ends[last] :], 1)
    following = _WORD.match(after.lstrip())
    return following is not None and following.group().lower() not in _words("after_participle")
