"""Has a page changed? Tokens, scripts and layout that differ on every visit are no change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_INVISIBLE = re.compile(rb"<(script|style|svg)\b|<!--", re.IGNORECASE)
_TAG = re.compile(rb"<(?!meta\b|time\b)[^<>]{0,5000}>", re.IGNORECASE)
_TOKEN = re.compile(rb"<meta\b[^<>]{0,200}?(?:csrf|nonce|token|verification|generator)[^<>]{0,2000}>", re.IGNORECASE)


def digest_of(body: bytes, content_type: str) -> str:
    """SHA-256 (hex) of what readers see of a page and of its metadata; of anything else than HTML, of all bytes."""
    if "html" in content_type:
        visible = b"".join(_visible(body))
        body = b" ".join(_TAG.sub(b" ", _TOKEN.sub(b" ", visible)).split())
    return hashlib.sha256(body).hexdigest()


def _visible(body: bytes) -> Iterator[bytes]:
    """The page without scripts, styles, drawings and comments; one that is never closed goes on to the end."""
    lower, start = body.lower(), 0
    while opening := _INVISIBLE.search(body, start):
        yield body[start : opening.start()]
        close = b"</" + opening[1].lower() if opening[1] else b"-->"
        end = lower.find(close, opening.end())
        if end < 0:
            return
        start = end + len(close)
    yield body[start:]
