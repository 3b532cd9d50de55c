"""Text that was UTF-8, read as Windows-1252 or Latin-1 on its way to us, and saved like that: put right again."""

from __future__ import annotations

import re
from typing import Any

# A letter that a UTF-8 lead byte looks like, before a character that a continuation byte looks like. Texts in
# Western languages have such pairs too; they only make a line worth ftfy's closer look.
_SUSPECT = re.compile("[\xc2-\xf4](?:[\x80-\xbf]|[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])|â€")
NOTE = "+ftfy"


def repaired(text: str) -> tuple[str, bool]:
    """The text with lines of mojibake put right, and whether there were any.

    Only whole lines that a scan finds suspect are looked at, and of those only what ftfy reads as UTF-8 decoded
    wrongly is changed: the result depends on the text alone. Nothing is replaced by a mark for lost characters.
    """
    if text.isascii() or _SUSPECT.search(text) is None:
        return text, False
    lines = text.split("\n")
    fixed = [_line(line) if _SUSPECT.search(line) else line for line in lines]
    return ("\n".join(fixed), True) if fixed != lines else (text, False)


def _line(line: str) -> str:
    import ftfy  # late: hardly any text needs it

    settings: Any = ftfy.TextFixerConfig(replace_lossy_sequences=False, restore_byte_a0=True)
    fixed: str = ftfy.fix_encoding(line, settings)
    return line if "\ufffd" in fixed and "\ufffd" not in line else fixed
