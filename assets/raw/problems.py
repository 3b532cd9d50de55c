"""Why a source or a record of it is not read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason code, one plain sentence, and where in the file it is (`#L17`, `#3`; empty for the whole file)."""

    reason: str
    detail: str
    pointer: str = ""


class ReadError(OSError):
    """A source that cannot be read, or not beyond a point; carries the `Problem`."""

    def __init__(self, reason: str, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.problem = Problem(reason, detail, pointer)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused for its size; all in bytes but the ratio.

    `document_bytes`: one document; `line_bytes`: one line of a JSON lines file, which is escaped and holds more
    than the text; a stream that grows beyond `bomb_bytes` at more than `bomb_ratio` to one is a bomb.
    """

    document_bytes: int = 10_000_000
    line_bytes: int = 40_000_000
    bomb_bytes: int = 50_000_000
    bomb_ratio: int = 200

    def too_large(self, what: str, pointer: str = "") -> Problem:
        """The problem of one document above the limit; `what` begins the sentence."""
        return Problem("too_large", f"{what} is larger than {self.document_bytes:,} bytes.", pointer)


LIMITS = Limits()
