"""The words a frame is about: the noun phrase of a subject or object, without amounts, articles and adverbials."""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"^\W*(?:(?:the|a|an|its|their|his|our|this|all|as many as|up to|to|for|of|on|in|at|with|more than|over|at least|about|around|nearly|some|"
    r"almost|only|another|total|upwards of|or|and|also|further|\w+ly|\d[\d,.]*(?:\s\d{3})*)\s+(?:(?:tons|hectares|km|meters|metres|percent|million|thousand)\s+of\s+)?)*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"""\s+(?:(?:in|within|by|for|over|during|until|till|before|after|from|since|on)\s+(?:the\s+)?(?:next|coming|last|this|early|late|end|first|second|third|fourth|a\s+(?:matter|short)|\d{4}|
      (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|mon|tues|wednes|thurs|fri|satur|sun)
      |this\s+(?:year|month|week)|last\s+(?:year|month|week)|every\s+(?:year|month|day)|without\s+fail|ahead\s+of|as\s+planned|at\s+(?:an|the|a)\s+(?:early|high|earliest|final)
      |(?:at|by|to)\s+(?:more\s+than\s+|over\s+|about\s+)?\d|\d[\d.]*\s?(?:percent|%)|respectively|on\s+all\s+indices|through|thanks|by\s+(?:more\s+)?\w+ing|in\s+order|so\s+as|according\s+to|as\s+compared).*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_MODIFIER = re.compile(r"\s+(?:for|of|in|at|to|with|from|between|on|by|that|which|under|needed|situated|equipped|capable|covering|having)\s", re.IGNORECASE)
_LONGEST = 100


def noun_phrase(text: str, *, short: bool = False) -> str:
    """The noun phrase that `text` begins with. With `short` without articles, amounts and adverbials and cut to about a
    hundred characters at a modifier; otherwise only up to its first comma clause."""
    if not short:
        return text
    phrase = _TAIL.sub("", " " + text.strip(), 1).strip()
    phrase = _LEAD.sub("", phrase, 1).strip(" ,;:.“”\"'")
    if len(phrase) > _LONGEST:
        cuts = [m.start() for m in _MODIFIER.finditer(phrase) if m.start() <= _LONGEST]
        phrase = phrase[: cuts[-1] if cuts else phrase.rfind(" ", 0, _LONGEST)]
    return phrase.strip(" ,;:")
