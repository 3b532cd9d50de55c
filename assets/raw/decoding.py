"""Bytes into text: by mark, as UTF-8, as declared, or in a legacy charset if one fits beyond doubt."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import CharsetMatch, from_bytes

from assets.raw.problems import ReadError

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNDECODABLE = "The bytes are neither valid UTF-8 nor text in another charset beyond doubt."
_BINARY = "The file holds binary data, not text."
# Charsets texts on Korea are found in. Fewer candidates mean fewer chance hits.
_CANDIDATES = ("cp1252", "cp949", "gb18030", "cp932", "euc_jp", "big5", "cp1251", "koi8_r")
# What pages call a charset, and the superset browsers read it as.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
# Python knows codecs that are no charset of a page (punycode, unicode_escape): a page cannot ask for them.
_PAGE_CHARSETS = re.compile(r"ascii|big5|cp\d|euc_|gb|iso2022_|iso8859-|johab|koi8|mac-|shift_jis|tis-620")
_SAMPLE = 200_000
_MESS = 0.05  # charset-normalizer's measure of nonsense: above it a reading is no candidate
_GAP = 0.03  # by how much the best reading must beat the next one that says something else
_LANGUAGE_GAP = 0.25  # the same for its measure of how much like a language a reading looks
_DECLARED = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# What prose in Western languages writes beyond ASCII. Anything else in cp1252 is a stray byte, not a letter.
_WESTERN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœŠšŽž’‘“”‚„–—…•€£°§«»‹›©®™·¡¿ºª½\xa0")
# Sequences prose does not write, but Korean and Chinese in their charsets look like.
_UNWESTERN = re.compile(
    r"[À-ÿ]{3}|(?<![A-Za-z])[À-ÿ]{2}(?![A-Za-z])|[°·©®§£€½ºª»][À-ÿ]|[À-ÿ][°·©®§£€½ºª¡¿]"
    r"|[°·º»½¿ª][¡¿ª°·º»½£§©®«]|¿[À-ÿ](?![A-Za-z])"
)
_EVIDENCE = 40  # bytes above ASCII that a charset of another script must explain before it is believed


def decode(data: bytes, html: bool = False, declared: str | None = None) -> tuple[str, str]:
    """The text and the charset it was decoded from, by Python's name for it. A byte order mark is no text.

    `declared` is what an HTTP header says; without it an HTML page may say so itself. Both are believed only where
    the bytes are no valid UTF-8.
    Raises ReadError `not_what_ending_says` for binary data, `undecodable` where no charset fits beyond doubt.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name), name
    declared = _charset_called(declared or "") or (_declared(data) if html else None)
    if declared and declared.startswith("iso2022") and b"\x1b$" in data:
        return _strictly(data, declared), declared
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(data, declared, cut_off=error.reason == "unexpected end of data")
    if _is_binary(data):
        return _unmarked_utf16(data)
    return text, "utf-8"


def _strictly(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeError:
        raise ReadError("undecodable", f"The bytes are not valid {charset}, which they are marked as.") from None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data, 0, 4096)
    return None if match is None else _charset_called(match[1].decode("ascii", "replace"))


def _charset_called(label: str) -> str | None:
    """Python's name for the charset a page or server calls by this label, None if it is none of a page."""
    try:
        name = codecs.lookup(label.strip(" \"'")).name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(name, name) if _PAGE_CHARSETS.match(name) else None


def _is_binary(data: bytes) -> bool:
    """Is a tenth or more of the beginning made of control characters that no text uses?"""
    head = data[:65536]
    return len(_CONTROL.findall(head)) * 10 > len(head)


def _unmarked_utf16(data: bytes) -> tuple[str, str]:
    """UTF-16 without its mark is told by zero bytes on one side of each pair only; all else is binary."""
    head = data[:65536]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > 20 * even else "utf-16-be" if even > 20 * odd else None
    if name is None or len(data) % 2 or max(even, odd) * 20 < len(head):
        raise ReadError("not_what_ending_says", _BINARY)
    return _strictly(data, name), name


def _legacy(data: bytes, declared: str | None, cut_off: bool) -> tuple[str, str]:
    if _is_binary(data):
        return _unmarked_utf16(data)
    if declared:
        try:
            return data.decode(declared), declared
        except UnicodeError:
            pass
    if cut_off or _is_damaged_utf8(data):
        raise ReadError("undecodable", "The text is UTF-8 with invalid bytes in it.")
    charset = _detected(data)
    if charset is None:
        raise ReadError("undecodable", _UNDECODABLE)
    return _strictly(data, charset), charset


def _is_damaged_utf8(data: bytes) -> bool:
    """Do most bytes above ASCII form valid UTF-8 sequences? In legacy charsets that happens by chance only."""
    valid = sum(len(m) for m in _MULTIBYTE.findall(data))
    return valid * 2 > sum(len(m) for m in _HIGH.findall(data))


def _detected(data: bytes) -> str | None:
    """The charset that fits, if every other reading is clearly worse or gives the same text."""
    sample = _sample(data)
    if _is_western(sample):
        return "cp1252"
    matches = [m for m in from_bytes(sample, cp_isolation=list(_CANDIDATES)) if _is_possible(m, sample)]
    if not matches:
        return None
    best = min(matches, key=lambda m: (m.chaos, -m.coherence, m.encoding))
    rivals = [m for m in matches if str(m) != str(best) and not _is_clearly_worse(m, best)]
    return None if rivals or best.chaos > _MESS else best.encoding


def _is_clearly_worse(match: CharsetMatch, best: CharsetMatch) -> bool:
    return match.chaos - best.chaos >= _GAP or best.coherence - match.coherence >= _LANGUAGE_GAP


def _sample(data: bytes) -> bytes:
    """The lines with bytes above ASCII, up to a limit: the others tell nothing about the charset."""
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    return b"\n".join(lines)[:_SAMPLE]


def _is_western(sample: bytes) -> bool:
    """Is every byte above ASCII one that prose uses in cp1252, standing where prose has them?"""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [c for c in text if c > "\x7f"]
    return set(high) <= _WESTERN and len(high) * 5 < len(text) and not _UNWESTERN.search(text)


def _is_possible(match: CharsetMatch, sample: bytes) -> bool:
    """A few letters of another script say too little: they must be some, and a tenth of their lines."""
    high = sum(len(m) for m in _HIGH.findall(sample))
    return match.encoding != "cp1252" and high >= _EVIDENCE and high * 10 > len(sample)
