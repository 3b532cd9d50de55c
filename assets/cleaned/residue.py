"""What of a plain text is page residue, by reviewed patterns, place on the page and blocks under a heading.

Cuts are spans of the raw text. The cleaned text is what they leave, line by line, so every removed character can be
found again and every kept one is a character of the source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from assets.cleaned.cuts import Cut, Left, merged
from assets.cleaned.footnotes import footnote_marks
from assets.cleaned.line_model import LineModel, article_lines, line_model, looks_like_page
from assets.cleaned.lines import Line, ends_sentence, folded, is_body_like, lines_of, sentence_starts
from assets.cleaned.outlets import fold_name
from assets.cleaned.patterns import PatternSet


class Page(NamedTuple):
    """What is known of the page before it is cut: its title and the outlets that may sign captions (folded names)."""

    title: str | None
    outlet_names: tuple[str, ...] = ()
    credit_names: AbstractSet[str] = frozenset()


RELATED: Final = "related_headlines"
_HEADINGS: Final = frozenset(
    {
        "related_heading",
        "most_read_heading",
        "more_in_heading",
        "you_may_like",
        "more_heading_ko",
        "more_heading_es",
    }
)
_PASSES: Final = 4
_END_MARK: Final = re.compile(r"(?:-0-|\(END\)|\s)+")
_END_MARKS: Final = frozenset({"end_mark_zero", "end_mark_word"})
_HEADLINE_CHARACTERS: Final = 160
_BLOCK_LINES: Final = 12
_REPEAT_CHARACTERS: Final = 40
_TAIL_SENTENCES: Final = 4
_TAIL_CHARACTERS: Final = 600
_ALWAYS_READ: Final = 12
_LINES_ABOVE: Final = 3
_HEADLINE: Final = re.compile(r"(?![*+•-]\s).{7,199}[^.:,]$")
_MASTHEAD_WORDS: Final = 8
_TITLE_LINES: Final = 12
_TITLE_WORDS: Final = re.compile(r"(?![*+•])(?:\S+ ){4,24}\S*[^\s.:,]$")
_HEADLINE_WORDS: Final = 5
_INTRODUCTION: Final = re.compile(r"(?:Via|From|By|Source|Source:) [A-Z]")
_ALT_TEXT: Final = re.compile(r"[a-z0-9][a-z0-9' -]{4,90}$")
_CREDIT: Final = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]]$")
_DATELINE_DASH: Final = re.compile(r"\)\s?(?:--|—|–)\s")
_BLURB_VERB: Final = re.compile(
    r"\s(?:is|are|was founded|was established|works|reads|publishes|provides|covers|offers|brings|delivers|produces|"
    r"specializes|specialises|aims|has been|tracks|monitors|operates|relies|seeks|welcomes|accepts)\b"
)
_REPORTING: Final = re.compile(r"\b(?:said|told|reported|reports that|quoted|learned|expects|could not)\b")


class Marker:
    """Marks the lines of one text. `kinds[i]` is the kind of residue that the whole of line i is, None if kept."""

    def __init__(self, lines: Sequence[Line], patterns: PatternSet, page: Page, model: LineModel) -> None:
        self.lines = lines
        self.patterns = patterns
        self.page = page
        self.model = model
        self.kinds: list[str | None] = [None] * len(lines)
        self.names: list[str | None] = [None] * len(lines)
        self.cuts: list[Cut] = []
        self.first = 0
        self.last = len(lines) - 1
        self.title = page.title

    def run(self) -> list[Cut]:
        """All cuts, in order and without overlap."""
        for index in range(len(self.lines)):
            self._mark(index, "any")
        self._related_blocks()
        whole_page = looks_like_page(self.lines, sum(k is not None for k in self.kinds))
        if whole_page:
            self._by_model()
        self._head()
        self._tail()
        self._after_end_mark()
        if not whole_page:
            self._find_title()
        self._repeats()
        self._residue_only()
        self._dashes()
        self._line_ends()
        return self._collected()

    # -- single lines

    def _mark(self, index: int, position: str) -> bool:
        """Mark the line if patterns that begin at its start, one after the other, cover all of it."""
        if self.kinds[index] is not None:
            return True
        text = self.lines[index].text
        pieces, offset = self._peel(text, position, 0)
        if not pieces:
            return False
        if offset < len(text):
            self.cuts += [p.shifted(self.lines[index].start) for p in pieces]
            return False
        self._settle(index, pieces)
        return True

    def _settle(self, index: int, pieces: list[_Piece]) -> None:
        start = self.lines[index].start
        self.kinds[index], self.names[index] = pieces[0].kind, pieces[0].name
        if any(p.kind != pieces[0].kind for p in pieces):
            self.cuts += [p.shifted(start) for p in pieces]

    def _peel(self, text: str, position: str, offset: int) -> tuple[list[_Piece], int]:
        pieces: list[_Piece] = []
        while offset < len(text):
            hit = self.patterns.match(text, position, offset)
            if hit is None and position != "any":
                hit = self.patterns.match(text, "any", offset) if offset or pieces else None
            if hit is None or hit.end <= offset:
                break
            pieces.append(_Piece(offset, hit.end, hit.kind, hit.pattern_id))
            offset = hit.end
            while offset < len(text) and text[offset].isspace():
                offset += 1
        return pieces, offset

    def _is_body(self, index: int) -> bool:
        return self.kinds[index] is None and is_body_like(self.lines[index].text)

    # -- blocks

    def _related_blocks(self) -> None:
        """Headlines that stand under a heading such as "Most read", up to the next paragraph or other residue."""
        index = 0
        while index < len(self.lines):
            if self.names[index] in _HEADINGS:
                index = self._headlines_from(index + 1)
            else:
                index += 1

    def _headlines_from(self, index: int) -> int:
        stop = min(len(self.lines), index + _BLOCK_LINES)
        while index < stop and self._is_headline(index):
            self.kinds[index] = RELATED
            index += 1
        return index

    def _is_headline(self, index: int) -> bool:
        text = self.lines[index].text
        if self.kinds[index] is not None:
            return self.kinds[index] == "markup" and self.names[index] not in _END_MARKS
        return len(text) <= _HEADLINE_CHARACTERS and not is_body_like(text)

    def _by_model(self) -> None:
        """Cut from a whole page what the line model does not take for the article."""
        article = article_lines(self.lines, self.patterns, self.model)
        kept = [i for i, keep in enumerate(article) if keep and self.kinds[i] is None]
        if not kept:
            # The model knows nothing of this kind of page: the patterns decide alone.
            return
        self._page_title(kept[0])
        for index, keep in enumerate(article):
            if not keep and self.kinds[index] is None:
                self.kinds[index] = self._kind_on_page(index, kept)

    def _page_title(self, first: int) -> None:
        """The headline above the article of a whole page: a line that the page says twice."""
        above = range(max(0, first - _TITLE_LINES), first)
        candidates = [i for i in above if self.kinds[i] is None and _TITLE_WORDS.match(self.lines[i].text)]
        counts = Counter(folded(line.text) for line in self.lines) if candidates else {}
        twice = [i for i in candidates if counts[folded(self.lines[i].text)] > 1]
        if twice and self.title is None:
            self.title = self.lines[twice[-1]].text
        title = folded(self.title) if self.title else None
        for index in candidates:
            if folded(self.lines[index].text) == title:
                self.kinds[index] = "repeated_line"

    def _kind_on_page(self, index: int, kept: Sequence[int]) -> str:
        """Headlines beside or below the article, else menus and the like."""
        text = self.lines[index].text
        for position in ("head", "tail"):
            hit = self.patterns.match(text, position)
            if hit and hit.end >= len(text):
                return hit.kind
        return RELATED if index > kept[0] and len(text.split()) >= _HEADLINE_WORDS else "navigation"

    def _head(self) -> None:
        """Everything above the first paragraph: bylines, captions, labels."""
        index = 0
        while index < len(self.lines):
            marked = self._mark(index, "head") or self._signed_caption(index) or self._masthead(index)
            if not marked and self._is_body(index):
                break
            index += 1
        self.first = index
        for alt in range(min(index, len(self.lines) - 1)):
            if self.kinds[alt] is None and self.kinds[alt + 1] == "caption" and self._is_alt_text(alt):
                self.kinds[alt] = "caption"

    def _is_alt_text(self, index: int) -> bool:
        below = self.lines[index + 1]
        return not below.after_blank and _ALT_TEXT.match(self.lines[index].text) is not None

    def _signed_caption(self, index: int) -> bool:
        """A line that ends in an outlet's name in parentheses, without being a dispatch's first sentence."""
        text = self.lines[index].text
        credit = _CREDIT.search(text)
        if credit is None or len(text) > 300 or _DATELINE_DASH.search(text):
            return False
        if fold_name(credit.group(1)) not in self.page.credit_names or credit.start() < 10:
            return False
        self.kinds[index] = "caption"
        return True

    def _masthead(self, index: int) -> bool:
        """A line that is the name of an outlet, or of two (an archive's and the original's), and nothing else."""
        words = self.lines[index].text.split()
        if self.kinds[index] is None and len(words) <= _MASTHEAD_WORDS:
            parts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(len(words))]
            names = self.page.credit_names
            if any((not a or fold_name(a) in names) and fold_name(b) in names for a, b in parts):
                self.kinds[index] = "byline"
        return self.kinds[index] is not None

    def _find_title(self) -> None:
        """The first line left above the first paragraph, if few are left there and it reads like a headline."""
        left = [i for i in range(min(self.first, len(self.lines))) if self.kinds[i] is None]
        if self.title is not None or len(left) > _LINES_ABOVE:
            return
        for index in left:
            text = self.lines[index].text
            if _HEADLINE.match(text) and not _INTRODUCTION.match(text):
                self.title = text
                return

    def _dashes(self) -> None:
        """A rule or a lone dash between two lines of one block belongs to the block."""
        for index in range(1, len(self.lines) - 1):
            above, below = self.kinds[index - 1], self.kinds[index + 1]
            if self.names[index] == "rule_line" and above == below is not None:
                self.kinds[index] = above

    def _tail(self) -> None:
        """Everything below the last paragraph, from the end upwards; what looks like a paragraph and is a blurb
        or a notice is peeled first."""
        index = len(self.lines) - 1
        while index >= self.first:
            marked = self._mark(index, "tail") or self._own_blurb(index) or self._signed_caption(index)
            if not marked and self._is_body(index) and not self._about_block(index):
                break
            index -= 1
        self.last = index
        for below in range(max(index + 1, 0), len(self.lines)):
            if self.names[below] == "about_heading":
                self._blurbs_from(below + 1)

    def _about_block(self, index: int) -> bool:
        """A paragraph below an "About" heading, with residue above the heading."""
        for above in range(index - 1, max(self.first, index - 6), -1):
            if self.names[above] == "about_heading":
                return above == 0 or self.kinds[above - 1] is not None
        return False

    def _blurbs_from(self, index: int) -> None:
        while index < len(self.lines) and self.kinds[index] in (None, "about_blurb"):
            self.kinds[index] = "about_blurb"
            index += 1

    def _own_blurb(self, index: int) -> bool:
        """A last paragraph in which the outlet describes itself."""
        text = self.lines[index].text
        for name in self.page.outlet_names:
            if text.startswith((name, f"The {name}")):
                verb = _BLURB_VERB.match(text, text.index(name) + len(name))
                if verb and not _REPORTING.search(text):
                    self.kinds[index] = "about_blurb"
                    return True
        return False

    def _after_end_mark(self) -> None:
        """Short lines below "(END)": headlines of other stories."""
        ended = False
        for index in range(max(self.last, 0), len(self.lines)):
            if ended and self.kinds[index] is None and not is_body_like(self.lines[index].text):
                self.kinds[index] = RELATED
            ended = ended or self.names[index] in _END_MARKS or self._has_end_mark(index)

    def _has_end_mark(self, index: int) -> bool:
        return self.lines[index].text.endswith(("-0-", "(END)"))

    def _repeats(self) -> None:
        """The title once more, and a long line that a line at the top has already said word for word."""
        if len(self.lines) == 1:
            return
        title = folded(self.title) if self.title else ""
        seen: set[str] = set()
        # Only lines that stay count for what is the top: so it is the same once the others are gone.
        top = 2 + sum(kind is None for kind in self.kinds[: self.first])
        for index, line in enumerate(self.lines):
            if self.kinds[index] is not None:
                continue
            key = folded(line.text) if len(line.text) <= _HEADLINE_CHARACTERS else line.text
            is_title = key == title
            if key in seen and (is_title or len(line.text) >= _REPEAT_CHARACTERS):
                self.kinds[index] = "repeated_line"
                continue
            if is_title or top > 0:
                seen.add(key)
            top -= 1

    def _residue_only(self) -> None:
        """A page without a paragraph, most of whose lines are residue, has no article: the rest goes too."""
        left = [i for i, kind in enumerate(self.kinds) if kind is None]
        gone = len(self.lines) - len(left)
        if not left or gone < 3 or gone < len(left):
            return
        if any(is_body_like(self.lines[i].text) or ends_sentence(self.lines[i].text) for i in left):
            return
        for index in left:
            self.kinds[index] = "navigation"

    # -- parts of lines

    def _line_ends(self) -> None:
        """Residue that closes a kept line: "-0-" anywhere, notices after the last sentences of the article."""
        for index, line in enumerate(self.lines):
            if self.kinds[index] is not None:
                continue
            starts = self._last_sentences(line.text) if index >= self.last - 1 else []
            if line.text[-1] in "-)#]":
                rule = line.text.find(" -", len(line.text.rstrip("- "))) + 1
                starts = [line.text.rfind("-0-"), line.text.rfind(" ") + 1, *starts, rule]
            self.cuts += self._closing(line.text, starts, "tail" if index >= self.last else "any", line.start)

    def _closing(self, text: str, starts: Sequence[int], position: str, offset: int) -> list[Cut]:
        """The residue that ends the line, read from the last sentence backwards as far as all of it is residue."""
        found: list[_Piece] = []
        end = len(text)
        for start in sorted({s for s in starts if s > 0}, reverse=True):
            left = text[:end].rstrip()
            pieces, reached = self._peel(left, position, start)
            if not pieces or reached < len(left):
                if found or start <= end - _ALWAYS_READ:
                    break
                continue
            found = pieces + found
            end = start
        return [p.shifted(offset) for p in found]

    def _last_sentences(self, text: str) -> list[int]:
        offset = max(0, len(text) - _TAIL_CHARACTERS)
        return [offset + s for s in sentence_starts(text[offset:])[1:][-_TAIL_SENTENCES:]]

    def _collected(self) -> list[Cut]:
        partial = {line.start for line in self.lines} & {c.start for c in self.cuts}
        whole = [
            Cut(line.start, line.end, kind)
            for line, kind in zip(self.lines, self.kinds, strict=True)
            if kind is not None and line.start not in partial
        ]
        cuts = sorted({*whole, *self.cuts})
        marks = [Cut(s, e, "footnote_marker") for s, e in footnote_marks(self.lines)]
        free = [m for m in marks if not any(c.start < m.end and m.start < c.end for c in cuts)]
        return sorted([*cuts, *free])


class _Piece(NamedTuple):
    start: int
    end: int
    kind: str
    name: str

    def shifted(self, by: int) -> Cut:
        return Cut(self.start + by, self.end + by, self.kind)


class Residue(NamedTuple):
    """The cuts in order, and the title: the given one, else the headline above the first paragraph."""

    cuts: list[Cut]
    title: str | None


def find_residue(
    text: str, lines: Sequence[Line], patterns: PatternSet, page: Page, model: LineModel | None = None
) -> Residue:
    """The residue of a plain text; neighbours of one kind with nothing between them are one cut.

    What is left is read again until nothing more is found, as residue hides behind residue: a notice counts as the
    page's last line only when those below it are gone. So a text that was cleaned stays as it is.
    `model` judges the lines of whole pages, the bundled one by default.
    """
    model = model or line_model()
    marker = Marker(lines, patterns, page, model)
    cuts = merged(text, marker.run())
    found: Sequence[Cut] = cuts
    for _ in range(_PASSES):
        if all(_hides_nothing(text, cut) for cut in found):
            break
        left = Left(text, cuts)
        again = [line._replace(indent=0) for line in lines_of(left.text)]
        found = [left.raw(cut) for cut in Marker(again, patterns, page, model).run()]
        cuts = merged(text, sorted([*found, *(c for c in cuts if not _lies_in(c, found))]))
    return Residue(cuts, marker.title)


def _hides_nothing(text: str, cut: Cut) -> bool:
    """Is the cut an end mark at the very end, alone on its line or behind a paragraph, as nearly every dispatch has?"""
    if text[cut.end :].strip() or not _END_MARK.fullmatch(text, cut.start, cut.end):
        return False
    before = text[text.rfind("\n", 0, cut.start) + 1 : cut.start].strip()
    return not before or (is_body_like(before) and text.count(before) == 1)


def _lies_in(cut: Cut, others: Sequence[Cut]) -> bool:
    return any(other.start <= cut.start and cut.end <= other.end for other in others)
