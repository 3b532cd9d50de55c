"""Outlets by name and by web address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from warehouse.reference import Reference

_SPACE = re.compile(r"[\s_]+")
_ARTICLE = re.compile(r"^the ")
_EDITION = re.compile(r"\s*\((?:en|eng|english|kr|ko|kp|korean|chinese|cn|ja|jp)\)\s*$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class OutletIndex:
    """Outlets of the reference data, findable by folded name and by domain; which of them republish others."""

    by_name: dict[str, str]
    by_domain: dict[str, str]
    names: dict[str, tuple[str, ...]]
    aggregators: frozenset[str]

    def named(self, name: str | None) -> str | None:
        """The outlet called `name` (a name or alias, in any case, with or without "The"); None if unknown."""
        return self.by_name.get(fold_name(name)) if name else None

    def at(self, url: str | None) -> str | None:
        """The outlet whose domain holds `url`, the most specific one; None if no outlet's does."""
        labels = domain_of(url).split(".")
        for cut in range(len(labels) - 1):
            found = self.by_domain.get(".".join(labels[cut:]))
            if found:
                return found
        return None


def fold_name(name: str) -> str:
    """A name for comparison: lower case, single spaces, no leading "the", no edition as in "(EN)"."""
    return _ARTICLE.sub("", _SPACE.sub(" ", _EDITION.sub("", name)).strip(" .,:;|-–—()[]\"“”'").casefold())


@lru_cache(maxsize=4096)
def domain_of(url: str | None) -> str:
    """The host of an address in lower case without "www."; empty if there is none."""
    if not url:
        return ""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return ""
    return (host or "").removeprefix("www.")


@lru_cache(maxsize=4)
def outlet_index(reference: Reference) -> OutletIndex:
    """The index of `reference.outlets`. A name or domain that two outlets share identifies neither."""
    by_name: dict[str, set[str]] = {}
    by_domain: dict[str, set[str]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for row in reference.rows("outlets"):
        outlet = row["outlet_id"]
        names[outlet] = (row["name"], *(row["aliases"] or ()))
        for name in names[outlet]:
            by_name.setdefault(fold_name(name), set()).add(outlet)
        for domain in (row["domain"], *(row["domains"] or ())):
            if domain:
                by_domain.setdefault(domain_of(domain), set()).add(outlet)
                by_name.setdefault(fold_name(domain), set()).add(outlet)
    aggregators = frozenset(r["outlet_id"] for r in reference.rows("outlets") if r["kind"] == "aggregator")
    return OutletIndex(_unambiguous(by_name), _unambiguous(by_domain), names, aggregators)


def _unambiguous(found: dict[str, set[str]]) -> dict[str, str]:
    return {key: next(iter(outlets)) for key, outlets in found.items() if len(outlets) == 1}
