"""Keys made from content: the same input gives the same keys on any machine and in any order."""

from __future__ import annotations

import hashlib

_SEPARATOR = b"\x1f"


def digest(*parts: str) -> str:
    """SHA-256 over the parts, hex; parts are kept apart, so ("ab", "c") and ("a", "bc") differ."""
    return hashlib.sha256(_SEPARATOR.join(p.encode("utf-8", "surrogatepass") for p in parts)).hexdigest()


def document_id(source_url: str | None, content: str) -> str:
    """First 32 hex digits of SHA-256 over source URL (empty if none) and content."""
    return digest(source_url or "", content)[:32]


def row_id(prefix: str, *parts: str) -> str:
    """A generated key: the table's prefix, an underscore and 20 hex digits made from the parts."""
    return f"{prefix}_{digest(*parts)[:20]}"
