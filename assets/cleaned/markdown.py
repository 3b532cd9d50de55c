"""Markdown as plain text: front matter is read and cut, marks are cut, words stay where they are."""

from __future__ import annotations

import re
from typing import Final

from assets.cleaned.cuts import Cut
from assets.cleaned.metadata import Stated

_FRONT_MATTER: Final = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD: Final = re.compile(r"^([A-Za-z_-]+):[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_FIRST_HEADING: Final = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_MARK: Final = re.compile(
    r"^[ \t]*+(?:#{1,6}[ \t]+|>[ \t]?)"  # headings, quotations
    r"|(?<![ \t])[ \t]++#++[ \t]*+$"
    r"|^[ \t]*+(?:```|~~~).*$"
    r"|^[ \t]*+\|?[ \t]*+:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)*\|?[ \t]*$"  # rules, and those of tables
    r"|!\[[^\]\n]{0,300}\]\([^)\n]{0,600}\)"  # pictures
    r"|(?<!!)\[(?=[^\[\]\n]{1,300}\]\([^)\s]{1,600}(?: \"[^\"\n]*\")?\))"  # what opens a link
    r"|(?<=[^\]\n])\]\([^)\s]{1,600}(?: \"[^\"\n]*\")?\)"  # what closes it
    r"|\*\*(?=\S)|(?<=\S)\*\*|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)"
    r"|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])|(?<=[^\s_])_(?!\w)",
    re.MULTILINE,
)


def markdown_cuts(text: str) -> list[Cut]:
    """The front matter and every mark of the notation, in order."""
    front = _FRONT_MATTER.match(text)
    start = front.end() if front else 0
    cuts = [Cut(0, start, "markup")] if front else []
    return cuts + [Cut(m.start(), m.end(), "markup") for m in _MARK.finditer(text, start) if m.end() > m.start()]


def stated_by_markdown(text: str) -> Stated:
    """Title, author, date, address and outlet of the front matter; the title else from the first heading."""
    front = _FRONT_MATTER.match(text)
    fields = {m.group(1).lower(): m.group(2).strip("\"'") for m in _FIELD.finditer(front.group(1))} if front else {}
    heading = _FIRST_HEADING.search(text, front.end() if front else 0)
    author = fields.get("author") or fields.get("authors")
    return Stated(
        url=fields.get("url") or fields.get("link") or fields.get("canonical_url"),
        title=fields.get("title") or (heading.group(1) if heading else None),
        authors=tuple(a.strip() for a in author.strip("[]").split(",")) if author else (),
        site_name=fields.get("source") or fields.get("outlet") or fields.get("site"),
        published_by_page=fields.get("date") or fields.get("published"),
    )
