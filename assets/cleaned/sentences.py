"""Sentence boundaries of news prose, one linear pass of one regular expression over each paragraph.

The expression stops at clusters of full stops, quotation marks and bullets only; every decision is then taken from
the word before the cluster and the character after it, both within the sentence. So a sentence split again stays
one sentence, and the cost is linear in the text.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Span(NamedTuple):
    """A sentence: code point offsets (end exclusive), paragraph number from 0, whether it begins inside marks."""

    start: int
    end: int
    paragraph: int
    in_quotation: bool


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Group 1: a cluster of marks, group 2: the white space after it. It always matches once begun, so no run of
# marks is scanned twice.
_CLUSTER: Final = re.compile(r"""([.!?…。！？"“”«»•▪■◆●▶►][.!?…。！？"'”’»)\]]*+)(\s*+)""")
_STOPS: Final = ".!?…。！？"
_WIDE_STOPS: Final = "。！？"
_BULLETS: Final = "•▪■◆●▶►"
_STOPS_AND_BULLETS: Final = _STOPS + _BULLETS
_OPENERS: Final = "\"'“‘«([{「『《〈¡¿"
_MARK_OPENERS: Final = '"“«'
_LOOK_BACK: Final = 16

# Never the end of a sentence before a capital or a digit: a name follows.
_TITLES: Final = _words(
    "Mr Mrs Ms Dr Prof Gen Lt Col Maj Capt Sgt Cpl Adm Cmdr Brig Sen Rep Gov Pres Sec Rev Hon Amb Min Dep "
    "St Mt Ft Supt Messrs Drs Profs Gens Sens Reps Govs Const vs viz cf approx Vice"
)
# The end of a sentence only before a word that usually opens one.
_CLIPPED: Final = _words(
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec etc Inc Co Ltd Corp Bros Jr Sr al Dept Univ Assn Bldg Ave Blvd "
    "Rd Ph Cie est"
)
# No end before a digit.
_NUMBERED: Final = _words("No Nos no nos Art art Fig fig p pp Vol vol Ch ch para c ca Sect sect Eq Nr nr Pct Tel")
_SENTENCE_OPENERS: Final = _words(
    "The A An In It He She They We I You This That These Those There Here On At As But And Or If When While After "
    "Before Since During For From With Without By To Not However Meanwhile Also Then Now What Who Why How Where His "
    "Her Its Their Our My All Some Many Most Both Each Every Another Other Such According Besides Moreover Among "
    "Under Thanks Over About Although Though Because Despite Until Once Only Even Yet Still Later Earlier"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_ITEM_NUMBER: Final = re.compile(r"[(\[]?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,4})")
# What makes "15. 8 percent" a decimal with a stray space, and "16. 1. 2024" a date.
_TORN_NUMBER: Final = re.compile(
    r"\d{1,3}(?:\s?(?:%|percent|per\s?cent|pct|times|fold|million|billion|trillion)|\.\s?\d)"
)
_ASKED_BY: Final = re.compile(
    r"(?:[A-Z][\w'’-]*\s){1,4}(?:said|says|asked|asks|added|wrote|told|shouted|exclaimed|replied|wondered|cried)\b"
)


def split(text: str) -> list[Span]:
    """The sentences of `text`, in order.

    Each character that is no white space lies in exactly one span, and no span begins or ends with white space.
    A paragraph is what stands between newlines; a newline always ends the sentence. A sentence ends after the
    quotation marks and brackets that close behind its full stop. Marks left open at the end of a paragraph stay
    open only if the next paragraph begins with a mark, as quotations of several paragraphs do.
    """
    spans: list[Span] = []
    is_open = False
    number = line_start = 0
    for line in text.splitlines(keepends=True):
        paragraph = line.strip()
        if paragraph:
            begin = line_start + line.index(paragraph)
            is_open = is_open and text[begin] in _MARK_OPENERS
            is_open = _split_paragraph(text, begin, begin + len(paragraph), number, is_open, spans)
            number += 1
        line_start += len(line)
    return spans


def _split_paragraph(text: str, begin: int, end: int, number: int, is_open: bool, spans: list[Span]) -> bool:
    """Append the sentences of text[begin:end]; returns whether quotation marks are still open at its end."""
    start, start_is_open, done = begin, is_open, begin
    for match in _CLUSTER.finditer(text, begin, end):
        at, close = match.span(1)
        first = text[at]
        if at < done:
            continue
        was_open = is_open
        if first not in _STOPS or close - at > 1:
            is_open = _after_marks(text, at, close, begin, end, is_open)
        following = match.end()
        if following == end and first not in _BULLETS:
            break
        plain = _plainly_ends(text, start, at, close, following) if close - at == 1 else None
        if plain:
            cut, resume = close, following
        elif plain is None:
            cut, resume = _boundary(text, start, at, close, following, end, was_open)
        else:
            continue
        if cut < 0:
            continue
        if cut > close:  # a closing mark that stands apart was taken along
            is_open, done = False, cut
        spans.append(Span(start, cut, number, start_is_open))
        if resume == end:
            return is_open
        # The cluster's own mark may open the next sentence: then it is not yet open where that begins.
        start, start_is_open = resume, is_open if resume >= close else was_open
    spans.append(Span(start, end, number, start_is_open))
    return is_open


def _plainly_ends(text: str, start: int, at: int, close: int, following: int) -> bool | None:
    """Whether a sentence ends at a single mark where that is plain, as _boundary would find out at length; else None.

    It ends where an ordinary word, a full stop, white space and a capital stand, as between most sentences. It goes on
    at a quotation mark, and at a full stop right before anything but a capital.
    """
    if text[at] != ".":
        return None if text[at] in _STOPS_AND_BULLETS else False
    is_capital = text[following].isupper()
    if following == close:
        return None if is_capital else False
    word = text[max(start, at - _LOOK_BACK) : at].rpartition(" ")[2]
    is_word = 1 < len(word) < at - start - 1 and word.isalnum() and word not in _TITLES and word not in _CLIPPED
    return True if is_capital and is_word else None


def _after_marks(text: str, at: int, close: int, begin: int, end: int, is_open: bool) -> bool:
    """Whether quotation marks are open after the cluster text[at:close]."""
    for index in range(at, close):
        mark = text[index]
        if mark in "“«":
            is_open = True
        elif mark in "”»":
            is_open = False
        elif mark == '"':
            is_open = _after_straight_mark(text, index, begin, end, is_open)
    return is_open


def _after_straight_mark(text: str, index: int, begin: int, end: int, is_open: bool) -> bool:
    before = text[index - 1] if index > begin else " "
    after = text[index + 1] if index + 1 < end else " "
    if (before.isspace() or before in "([{-–—") and not after.isspace():
        return True
    if not before.isspace() and (after.isspace() or after in ".,;:!?)]"):
        return False
    return not is_open


def _boundary(text: str, start: int, at: int, close: int, following: int, end: int, was_open: bool) -> tuple[int, int]:
    """Where the sentence that began at `start` ends and the next begins; (-1, -1) if it goes on."""
    if at == start:
        return -1, -1
    if text[at] in _BULLETS:
        return _before_bullet(text, start, at, close, following)
    stop = _last_stop(text, at, close)
    if stop < 0:
        return -1, -1
    if following == close:
        return _glued(text, start, at, stop, close, end, was_open)
    if not _ends_before_space(text, start, at, stop, close, following, end):
        return -1, -1
    if text[following] == '"' and (following + 1 == end or (was_open and text[following + 1].isspace())):
        cut = following + 1
        while following + 1 < end and text[following + 1].isspace():
            following += 1
        return cut, min(following + 1, end)
    return close, following


def _before_bullet(text: str, start: int, at: int, close: int, following: int) -> tuple[int, int]:
    if close - at > 1 or following == close or not text[at - 1].isspace():
        return -1, -1
    cut = at
    while cut > start and text[cut - 1].isspace():
        cut -= 1
    return cut, at


def _last_stop(text: str, at: int, close: int) -> int:
    """Index of the last full stop in the cluster; -1 if there is none."""
    for index in range(close - 1, at - 1, -1):
        if text[index] in _STOPS:
            return index
    return -1


def _token_before(text: str, start: int, at: int) -> str:
    """The word before the cluster, without opening marks; at most _LOOK_BACK characters of it."""
    words = text[max(start, at - _LOOK_BACK) : at].rsplit(None, 1)
    return words[-1].lstrip(_OPENERS) if words else ""


def _glued(text: str, start: int, at: int, stop: int, close: int, end: int, was_open: bool) -> tuple[int, int]:
    """A boundary where no white space follows: "year.The", `year."The`, and wide full stops."""
    if text[stop] in _WIDE_STOPS:
        return close, close
    following = text[close]
    word = _WORD.match(text, close, min(end, close + _LOOK_BACK))
    if (
        text[at - 1].isspace()
        or not following.isupper()
        or word is None
        or not (len(word[0]) == 1 or word[0][1:].islower())
    ):
        return -1, -1
    token = _token_before(text, start, at)
    if not token or not _glued_word_ends(text, start, at, stop, close, token, word[0]):
        return -1, -1
    if text[close - 1] in "\"'" and not was_open and close - 1 > at:
        return close - 1, close - 1
    return close, close


def _glued_word_ends(text: str, start: int, at: int, stop: int, close: int, token: str, word: str) -> bool:
    if any(c in token for c in "./@=\\:") or (len(word) == 1 and word not in "AI"):
        return False
    if _ITEM_NUMBER.fullmatch(token) and text[start:at] == token:
        return False
    if close - stop > 1 or text[stop] in "!?":
        return True
    if token in _TITLES or token in _NUMBERED or len(token) == 1:
        return False
    last = token[-1]
    return (last.islower() and token not in _CLIPPED) or last in "0123456789%)]" or word in _SENTENCE_OPENERS


def _ends_before_space(text: str, start: int, at: int, stop: int, close: int, following: int, end: int) -> bool:
    """Whether a cluster before white space ends the sentence, judged by the words on both sides."""
    ahead = following
    while ahead < end and ahead < following + 4 and text[ahead] in _OPENERS:
        ahead += 1
    character = text[ahead] if ahead < end else " "
    if character.islower() or character in ",;:.…":
        return False
    if character in "!?" and not text[ahead + 1 : ahead + 2].isalpha():
        return False
    if character in "-–—":
        rest = text[ahead + 1 : min(ahead + 3, end)].lstrip()
        if not (rest[:1].isupper() or rest[:1].isdigit()):
            return False
    if text[stop] in _WIDE_STOPS:
        return True
    if text[stop] in "!?":
        return not (close - stop > 1 and _ASKED_BY.match(text, following, min(end, following + 100)))
    if stop > at and text[at] == ".":
        return _ellipsis_ends(text, at, ahead, end)
    return _full_stop_ends(text, start, at, ahead, end)


def _ellipsis_ends(text: str, at: int, ahead: int, end: int) -> bool:
    before = text[at - 1]
    if before in "[(":
        return False
    return not before.isspace() or _opens_sentence(text, ahead, end)


def _opens_sentence(text: str, ahead: int, end: int) -> bool:
    word = _WORD.match(text, ahead, end)
    return word is not None and word[0] in _SENTENCE_OPENERS


def _full_stop_ends(text: str, start: int, at: int, ahead: int, end: int) -> bool:
    """Whether a single full stop ends the sentence rather than an abbreviation, initial or item number."""
    token = _token_before(text, start, at)
    if token in _TITLES:
        return False
    if ahead < end and text[ahead].isdigit():
        return (
            token not in _NUMBERED and token not in _CLIPPED and not _is_torn_number(text, start, at, token, ahead, end)
        )
    if len(token) <= 4 and at - start <= len(token) + 1 and _ITEM_NUMBER.fullmatch(text[start:at]):
        return False
    if "." in token:
        return not _is_dotted(token) or _opens_sentence(text, ahead, end)
    if (len(token) == 1 and token.isupper()) or token in _CLIPPED:
        return _opens_sentence(text, ahead, end)
    return text[ahead : ahead + 1].isupper() or not _ends_dotted_date(text, start, at, token)


def _is_dotted(token: str) -> bool:
    """U.S, D.P.R.K, a.m, Ph.D: parts of one to three letters between full stops."""
    return all(part.isalpha() and len(part) <= 3 for part in token.split("."))


def _is_torn_number(text: str, start: int, at: int, token: str, ahead: int, end: int) -> bool:
    """ "15. 8 percent", "2024. 1. 16", "1. 2 ...": digits on both sides that belong together."""
    if not token.isdigit():
        return False
    if at - start == len(token):
        return True
    torn = _TORN_NUMBER.match(text, ahead, min(end, ahead + 24))
    return bool(torn and (len(token) < 4 or torn[0][-1].isdigit())) or _ends_dotted_date(text, start, at, token)


def _ends_dotted_date(text: str, start: int, at: int, token: str) -> bool:
    """Whether the digits before the cluster are the last part of "2024. 1. 16." """
    before = text[max(start, at - len(token) - 3) : at - len(token)].rstrip()
    return token.isdigit() and len(before) > 1 and before[-1] == "." and before[-2].isdigit()


__all__ = ["Span", "split"]
