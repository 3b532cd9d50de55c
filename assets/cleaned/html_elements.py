"""The elements a block of an HTML page stands in, and what their names tell of it.

Names are tags and the words of class, id, role and itemprop. What an element's own names tell is remembered by its
words, which are the same on all pages of a site; what it inherits is settled when it is opened.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

NO_KIND: Final = "navigation"
_PAGE: Final = ("html", "body")
_NEVER_ARTICLE: Final = re.compile(r"(?:nav|aside|footer|figcaption|form|button|title|head)\b")
# Names of the element that holds the article's body, the article, and the page's main column.
_CONTAINERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:article|story|post|entry|news)[-_]{0,2}(?:body|content|text|inner|detail)",
        r"^article\b|(?<!\S)(?:story|post|hentry|article-?\w{0,5})(?!\S)",
        r"^main\b|(?:page|main|single)[-_]{0,2}(?:body|content|text|inner)"
        r"|(?<!\S)content(?:-?(?:body|text|inner|main)\S*)?(?!\S)",
    )
)
BODY, ARTICLE, COLUMN = CONTAINERS = range(3)
_BESIDE: Final = re.compile(
    r"caption|menu|breadcrumb|navigation|navbar|topbar|pagination|pager|share|social|related|most-?(?:read|popular|viewed)"
    r"|recommend|trending|popular|more-(?:from|news)|comment|disqus|respond|subscri|newsletter|paywall|sign-?up|byline"
    r"|author|copyright|legal|sidebar|widget|promo|pullout|\bads?[-_]|teaser|footer|banner|cookie|^header\b"
)
_KINDS: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"caption", "caption"),
        (r"^nav\b|menu|breadcrumb|navigation|navbar|topbar|pagination|pager|share|social", "navigation"),
        (r"related|most-?(?:read|popular|viewed)|recommend|trending|popular|more-(?:from|news)", "related_headlines"),
        (r"comment|disqus|respond", "comment_notice"),
        (r"subscri|newsletter|paywall|signup|sign-up", "subscription"),
        (r"byline|author|dateline|publish|timestamp|pub-?date|post-?meta|entry-?meta|^time\b", "byline"),
        (r"(?:about|bio)\b", "about_blurb"),
        (r"copyright|legal", "copyright"),
        (r"^aside\b|sidebar", "related_headlines"),
        (r"^header\b|^footer\b|^form\b", "navigation"),
    )
)


class _Names(NamedTuple):
    """What an element's own names tell: never the article's, named for something beside it, kinds of containers."""

    outside: bool
    beside: bool
    containers: tuple[bool, ...]


@lru_cache(maxsize=8192)
def _names(words: str) -> _Names:
    outside = _NEVER_ARTICLE.match(words) is not None
    if words.startswith(_PAGE):
        return _Names(outside, False, (False,) * len(CONTAINERS))
    containers = tuple([pattern.search(words) is not None for pattern in _CONTAINERS])
    return _Names(outside, _BESIDE.search(words) is not None, containers)


@lru_cache(maxsize=8192)
def _kind(words: str) -> str | None:
    return next((kind for pattern, kind in _KINDS if pattern.search(words)), None)


class Element:
    """An open element: its tag, its depth (1 for the outermost), and of it and those around it: whether one is never
    the article's, how deep the innermost stands that is named for something else, and the outermost container of each
    kind; 0 for none."""

    __slots__ = ("_kind", "beside", "containers", "depth", "outside", "parent", "tag", "words")

    def __init__(self, tag: str, words: str, parent: Element | None) -> None:
        self.tag = tag
        self.words = words
        self.parent = parent
        self._kind: str | None = None
        if parent is None:
            self.depth = self.beside = 0
            self.outside = False
            self.containers: tuple[int, ...] = (0,) * len(CONTAINERS)
            return
        names = _names(words)
        depth = self.depth = parent.depth + 1
        self.outside = names.outside or parent.outside
        self.beside = depth if names.beside else parent.beside
        self.containers = parent.containers
        if True in names.containers:
            self.containers = tuple(
                [above or depth * own for above, own in zip(parent.containers, names.containers, strict=True)]
            )

    def is_beside(self, container: int | None) -> bool:
        """Does it stand in an element named for something else, inside the container of that kind if there is one?"""
        return self.beside > (0 if container is None else self.containers[container])

    @property
    def kind(self) -> str:
        """The kind of residue that the innermost telling name stands for."""
        unknown: list[Element] = []
        element: Element | None = self
        while element is not None and element._kind is None:
            unknown.append(element)
            element = element.parent
        kind = NO_KIND if element is None or element._kind is None else element._kind
        for element in reversed(unknown):
            kind = element._kind = _kind(element.words) or kind
        return kind
