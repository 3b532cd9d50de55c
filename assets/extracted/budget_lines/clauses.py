"""Which words of a sentence belong to which of its percentages, and which budget items they name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assets.extracted.budget_lines.figures import Figures, figures_of
from assets.extracted.budget_lines.words import Item, items, pattern

MARK = "¤"
"""Stands where the figure stood in the text of a clause."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BARE = re.compile(
    r"^\W*(?:(?:and|or|but|also|it|this|that|which|an?|the|is|was|were|has|had|grew|rose|rise|increase|increased|growth|"
    r"drop|fall|up|down|by|at|to|of|or|represents?|meaning|reaching|some|about|year-on-year|got|took|carried|out|in|"
    r"increasing|rising|growing|slight|slightly|from|compared|with|after|than|versus|against|just|only|still|figure|same|"
    r"last|previous|year['’]s|kind|slower|faster|smaller|larger|lower|higher|far|well|below|above|will|would|another|"
    r"further|again|expected|grow|"
    r"(?:19|20)[0-9]{2})\b\W*)*$",
    re.IGNORECASE,
)
"""Words before a figure that name nothing, so that the item is the one spoken of before."""
_PRONOUN = re.compile(r"^\W*(?:It|This|That|which|or|an? (?:rise|increase|growth|drop|fall))\b", re.IGNORECASE)
_LINK = re.compile(
    r"^(?:,| and|, and|,? as well as)?(?: (?:for|on|in|to|into|from|the|of|that|those|developing|improving|"
    r"revenues?|income|expenditures?|spending|outlays|funds|fields?|sectors?))*\s*$"
)
_BUDGET = 2
"""The rank of the word "budget" by itself."""
_NAMED = 3
"""How many of the lines that share a figure are named."""
_CLAIM_REACH = 60
"""How many characters after "for" the item of a figure may begin."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A figure (or list of figures) with its own words.

    `text` has the figure replaced by a mark, `start` and `end` are offsets in the sentence, `lines` the budget lines
    in the order of the figures, `years` those listed straight after the figure, `own` says that the clause names
    its lines itself, `bare_budget` that it says no more than "budget", `repeats` that it gives the figure before for
    another year, `level` that its figure is the one compared with, `left_behind` that it is the one a change starts
    from ("from ¤ to …"), of which nothing is kept but the words.
    """

    start: int
    end: int
    text: str
    figures: Figures
    lines: list[str]
    years: list[int]
    own: bool
    bare_budget: bool
    repeats: bool
    level: bool
    left_behind: bool

    @property
    def is_aside(self) -> bool:
        """Whether the figure is put in brackets behind another ("(2019: ¤)")."""
        return self.text.startswith("(")


def clauses_of(sentence: str, last_line: str | None) -> list[Clause]:
    """The clauses of a sentence in order. `last_line` is the line the sentence before was about."""
    waiting = figures_of(sentence)
    found: list[Clause] = []
    cursor, line = 0, last_line
    while waiting:
        figures = waiting.pop(0)
        stop = waiting[0].start if waiting else len(sentence)
        clause, end = _clause(sentence, cursor, figures, stop, line if found else None, last_line)
        if not clause.lines and figures.parts and pattern("goes_on").match(sentence[figures.end :]):
            waiting = [*figures.parts, *waiting]
            continue
        cursor = end
        found.append(clause)
        line = clause.lines[-1] if clause.lines else line
    return found


def _clause(
    sentence: str, cursor: int, figures: Figures, stop: int, within: str | None, before: str | None
) -> tuple[Clause, int]:
    """The clause of `figures`, whose words lie between `cursor` and `stop`, and where the next one's begin."""
    left, gap = sentence[cursor : figures.start], sentence[figures.end : stop]
    years = _listed_years(gap)
    named = _named(left + MARK, len(figures.values))
    claimed, reach = _claimed(gap, len(figures.values))
    if claimed and not _is_subject(left, named):
        year = pattern("year_behind").match(gap[reach:])
        lines, end = claimed, figures.end + reach + (year.end() if year else 0)
    else:
        lines, end = [i.line for i in named], figures.end + _boundary(gap)
    own = bool(lines)
    repeats = not own and bool(pattern("same_figure").search(left))
    if not lines and len(figures.values) == 1 and (repeats or _says_more(left, gap)):
        carried = within or (before if repeats or _PRONOUN.match(left) else None)
        lines = [carried] if carried else []
    start = cursor + len(left) - len(left.lstrip(" ,;.:–—-"))
    body = sentence[start : figures.start] + MARK + sentence[figures.end : end]
    bare = lines == [i.line for i in named] and any(i.rank == _BUDGET for i in named)
    end = max(end, figures.end)
    return Clause(start, end, body, figures, lines, years, own, bare, repeats, *_is_level(body)), end


def _is_level(body: str) -> tuple[bool, bool]:
    """Whether a figure is the level another is compared with, and whether it is the one a change starts from."""
    left_behind = bool(pattern("left_behind").search(body))
    return not left_behind and bool(pattern("base_level").search(body)), left_behind


def _says_more(left: str, gap: str) -> bool:
    """Whether a figure without an item of its own goes on about the item before ("…, a rise of ¤ over last year")."""
    match = pattern("claim").match(MARK + gap)
    return bool(_BARE.match(left)) and (match is None or bool(_YEAR.match(gap[match.end() - 1 :].lstrip())))


def _listed_years(gap: str) -> list[int]:
    match = pattern("years_after").match(gap)
    return [int(y) for y in _YEAR.findall(match["years"])] if match else []


def _boundary(gap: str) -> int:
    """Where the words after a figure stop belonging to it."""
    match = pattern("boundary").search(gap)
    return match.start() if match else len(gap)


def _masked(text: str) -> str:
    """The text without the whole that a share is of, so that it is not taken for the item."""
    return pattern("share_base").sub(lambda m: " " * len(m.group()), text)


def _is_subject(left: str, named: list[Item]) -> bool:
    """Whether the items named before a figure are what it is said of, rather than the end of another statement."""
    return bool(named) and named[-1].rank == 0 and not pattern("boundary").search(left[named[-1].end :])


def _named(left: str, wanted: int) -> list[Item]:
    """The items named before a figure: as many as wanted, else none."""
    text = _masked(left)
    found = items(text, joint=wanted == 1)
    for stop in pattern("new_statement").finditer(text):
        later = [i for i in found if i.start >= stop.end()]
        found = later or found
    best = min((i.rank for i in found), default=0)
    found = [i for i in found if i.rank == best and not _is_partial(i, text)]
    return _list_of(left, found, wanted, last=True)


def _is_partial(item: Item, text: str) -> bool:
    """Whether a total is that of one purpose only, of which nothing is known ("spending on village roads")."""
    return item.rank > 0 and bool(pattern("purpose").match(text[item.end :]))


def _claimed(gap: str, wanted: int) -> tuple[list[str], int]:
    """The items named after a figure ("¤ went to …") with the offset where their names end."""
    text = pattern("aside").sub(lambda m: " " * len(m.group()), _masked(MARK + gap)[1:])
    if wanted == 1 and (other := pattern("another_list").search(text)):
        text = text[: other.start()]
    match = pattern("claim").match(MARK + text)
    if not match:
        return [], 0
    found = [i for i in items(text, joint=wanted == 1) if i.start >= match.end() - 2 and not _is_partial(i, text)]
    if not found or found[0].start - match.end() > _CLAIM_REACH or pattern("boundary").search(text[: found[0].start]):
        return [], 0
    chosen = _list_of(text, found, wanted, last=False)
    return [i.line for i in chosen], chosen[-1].end if chosen else 0


def _list_of(text: str, found: list[Item], wanted: int, last: bool) -> list[Item]:
    """The coordinated items nearest to the figure, equal neighbours made one; none unless as many as wanted."""
    if not found:
        return []
    runs = _runs(text, found)
    run = _distinct(runs[-1] if last else runs[0])
    if wanted == 1 and len(run) > 1:
        return [Item(run[0].start, run[-1].end, _joined(i.line for i in run), run[0].rank, True)]
    return run if len(run) == wanted else []


def _joined(lines: Iterable[str]) -> str:
    """One name for several lines that share a figure: the first three, if need be."""
    names = list(dict.fromkeys(lines))
    return "_and_".join(names[:_NAMED] + ["others"] * (len(names) > _NAMED))


def _runs(text: str, found: list[Item]) -> list[list[Item]]:
    runs = [[found[0]]]
    for item in found[1:]:
        if item.rank == runs[-1][-1].rank and _LINK.match(text[runs[-1][-1].end : item.start]):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _distinct(run: list[Item]) -> list[Item]:
    kept = run[:1]
    for item in run[1:]:
        if item.line != kept[-1].line:
            kept.append(item)
    return kept
