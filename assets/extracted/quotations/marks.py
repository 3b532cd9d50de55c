"""Pairing quotation marks: which characters of a text stand in quotation marks, in every style of mark.

Marks are paired line by line, because a mark that was lost must not turn the rest of a text inside out. A quotation
left open at the end of a line goes on in the next one if that begins with an opening mark, as running quotations do.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_DOUBLE = re.compile('["“”„‟«»]')
_CLOSES = {"“": '”"', "„": '“”"', "‟": '”"', "«": "»", "»": "«", '"': '"”', "”": "”"}
_SINGLE = re.compile(
    r"(?<![\w’])‘(?=[^\s‘’])"
    r"|(?<![^\s(\[\"“—–-])'(?=[^\W\d])(?!(?:em|til|tis|twas|cause|n|round)\b)"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s)")
_LONGEST_SINGLE = 600
_NESTED_WORDS = 4
_MARKS_AHEAD = 60


class Marked(NamedTuple):
    """Characters in quotation marks: [start, end) with the marks, [inner_start, inner_end) without."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    is_closed: bool = True


def marked(text: str) -> list[Marked]:
    """The passages of `text` in quotation marks, outermost only, in order of position.

    Quotation marks within quotation marks stay part of the outer passage; a passage that runs over several lines,
    each begun with an opening mark, is one. `is_closed` is false where the closing mark is missing.
    """
    found: list[Marked] = []
    if not _has_double(text) and _next_single(text, 0, len(text)) is None:
        return found
    position = 0
    for line in text.splitlines(keepends=True):
        for passage in _of_line(text, line.rstrip(), position):
            if found and not found[-1].is_closed and _runs_on(text, found[-1], passage):
                passage = passage._replace(start=found[-1].start, inner_start=found.pop().inner_start)
            found.append(passage)
        position += len(line)
    return found


def _has_double(text: str) -> bool:
    return '"' in text or "“" in text or "”" in text or "„" in text or "‟" in text or "«" in text or "»" in text


def _runs_on(text: str, earlier: Marked, later: Marked) -> bool:
    """Whether a passage left open at its line's end goes on with one that opens the next line."""
    between = text[earlier.end : later.start]
    same_mark = text[earlier.start] == text[later.start]
    return same_mark and between.isspace() and "\n" in between


def _of_line(text: str, line: str, start: int) -> list[Marked]:
    """The passages of a line that begins at `start`."""
    end = start + len(line)
    doubles = _doubles(text, start, end) if _has_double(line) else []
    singles = _singles(text, start, end) if "'" in line or "‘" in line else []
    if not singles or not doubles:
        return doubles or singles
    apart = [s for s in singles if not any(d.start < s.end and s.start < d.end for d in doubles)]
    return sorted(doubles + apart)


def _opens(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    """Whether a mark that could be either looks like an opening one."""
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end()] if mark.end() < end else " "
    if before.isspace() or before in "([{—–-/…=":
        return not after.isspace() or mark.start() == start
    return False


def _closes(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    """Whether a mark that could be either looks like a closing one."""
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end()] if mark.end() < end else " "
    return not before.isspace() and (after.isspace() or not after.isalnum())


def _doubles(text: str, start: int, end: int) -> list[Marked]:
    marks = list(_DOUBLE.finditer(text, start, end))
    found: list[Marked] = []
    index = 0
    while index < len(marks):
        opening = marks[index]
        following = index + 1
        if _may_open(text, opening, start, end):
            closing = _closing(text, marks, index, start, end)
            if closing is not None:
                last = marks[closing]
                found.append(Marked(opening.start(), last.end(), opening.end(), last.start()))
                following = closing + 1
            elif passage := _unclosed(text, opening, marks[index + 1 :], start, end):
                found.append(passage)
                following = next((i for i, m in enumerate(marks) if m.start() >= passage.end), len(marks))
        index = following
    return found


def _may_open(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    if mark.group() in "“„‟«":
        return True
    if mark.group() == '"':
        return _opens(text, mark, start, end) or not _closes(text, mark, start, end)
    # A closing mark typed where an opening one belongs: at the start of a line or after a space, before a letter.
    return _opens(text, mark, start, end) and mark.end() < end and not text[mark.end()].isspace()


def _closing(text: str, marks: list[re.Match[str]], index: int, start: int, end: int) -> int | None:
    """The index of the mark that closes the one at `index`, over nested ones; None if it is never closed."""
    closers = _CLOSES[marks[index].group()]
    depth = 0
    for position in range(index + 1, min(len(marks), index + _MARKS_AHEAD)):
        mark = marks[position]
        opens = mark.group() in "“„«‟" or (mark.group() == '"' and _opens(text, mark, start, end))
        if opens and not (mark.group() in closers and _closes(text, mark, start, end)):
            if mark.group() == '"' and not _nests(text, marks, position, start, end):
                return position if _spaced_closer(marks, index, position) else None
            depth += 1
        elif mark.group() in closers or mark.group() in '”"»':
            if depth == 0:
                return position
            depth -= 1
    return None


def _nests(text: str, marks: list[re.Match[str]], position: int, start: int, end: int) -> bool:
    """Whether two closing marks follow a straight opening mark inside a quotation: it is a quotation in one."""
    following = [_opens(text, m, start, end) for m in marks[position + 1 : position + 3]]
    return following == [False, False]


def _spaced_closer(marks: list[re.Match[str]], index: int, position: int) -> bool:
    """A straight mark after a space closes (`(2011) "`) if the marks of the line then come out even."""
    return marks[index].group() == '"' and (len(marks) - position) % 2 == 1


def _unclosed(text: str, opening: re.Match[str], others: list[re.Match[str]], start: int, end: int) -> Marked | None:
    """A passage whose closing mark is missing: to the line's end if the line begins with it, else of its sentence."""
    stop = end
    nested = not others or _short_nested(text, others)
    if not nested or text[start : opening.start()].strip():
        found = _SENTENCE_END.search(text, opening.end(), end if nested else others[0].start())
        stop = found.end() if found else (end if nested else opening.end())
    return Marked(opening.start(), stop, opening.end(), stop, is_closed=False) if stop > opening.end() else None


def _short_nested(text: str, others: list[re.Match[str]]) -> bool:
    """Whether the marks that follow an unclosed one only pair up around a few words: then they are nested."""
    pairs = list(zip(others[::2], others[1::2], strict=False))
    return len(others) % 2 == 0 and all(
        len(text[a.end() : b.start()].split()) <= _NESTED_WORDS and text[b.start() - 1] not in ",.!?" for a, b in pairs
    )


def _singles(text: str, start: int, end: int) -> list[Marked]:
    found: list[Marked] = []
    position = start
    while opening := _next_single(text, position, end):
        closing = _single_close(text, opening, end)
        if closing is None:
            position = opening.end()
            continue
        found.append(Marked(opening.start(), closing + 1, opening.end(), closing))
        position = closing + 1
    return found


def _next_single(text: str, start: int, end: int) -> re.Match[str] | None:
    """The first single mark from `start` on that may open a quotation."""
    curly, straight = text.find("‘", start, end), text.find("'", start, end)
    while curly >= 0 or straight >= 0:
        at = straight if curly < 0 or 0 <= straight < curly else curly
        after_letter = at > 0 and text[at - 1].isalnum()  # mostly an apostrophe
        if not after_letter and (opening := _SINGLE.match(text, at, end)):
            return opening
        if at == curly:
            curly = text.find("‘", at + 1, end)
        else:
            straight = text.find("'", at + 1, end)
    return None


def _single_close(text: str, opening: re.Match[str], end: int) -> int | None:
    """Where a single quotation closes: never inside a word, and after a plural's `s` only if no better place comes."""
    mark = "’" if opening.group() == "‘" else "'"
    limit = min(end, opening.end() + _LONGEST_SINGLE)
    doubtful = None
    for match in re.compile(rf"(?<=\S){mark}(?!\w)").finditer(text, opening.end(), limit):
        at = match.start()
        possessive = text[at - 1] == "s" and re.match(r"\s[a-z]", text[at + 1 : at + 3]) is not None
        if not possessive:
            return at if doubtful is None or "‘" not in text[doubtful:at] else doubtful
        doubtful = at if doubtful is None else doubtful
    return doubtful
