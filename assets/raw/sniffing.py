"""What bytes and texts are, whatever their name says."""

from __future__ import annotations

import re

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"WARC/", "a web archive"),
)
_DOCUMENT = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,4000}?-->\s*){0,5}<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK = re.compile(r"</(?:p|div|article|section|table|ul|ol|h[1-6])\s*>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z!/]")


def foreign_kind(head: bytes) -> str | None:
    """What the first bytes show a file to be, if that is no kind of text: "a PNG image"; else None."""
    return next((name for signature, name in _SIGNATURES if head.startswith(signature)), None)


def is_html_document(text: str) -> bool:
    """Does the text begin as an HTML page does?"""
    return _DOCUMENT.match(text[:20_000].lstrip("\ufeff")) is not None


def is_html_fragment(text: str) -> bool:
    """Is the text marked up throughout: does it begin with a tag, and has it three block tags or more?

    Prose that merely mentions a tag is none; a page is one too.
    """
    if is_html_document(text):
        return True
    if text.lstrip()[:1] != "<":
        return False
    return sum(1 for _, _ in zip(_BLOCK.finditer(text), range(3), strict=False)) == 3


def has_markup(text: str) -> bool:
    """Is there anything in the text that can be a tag?"""
    return _TAG.search(text) is not None
