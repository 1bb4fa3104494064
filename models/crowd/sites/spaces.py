"""Tables by file: ground for a person, and what kinds of sites on a map are like."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Space:
    """Ground that a person needs.

    Attributes:
        name: Its key.
        least_m2, most_m2: Ground for a person: between these (m2).
        source: Who says so.
    """

    name: str
    least_m2: float
    most_m2: float
    source: str


@dataclass(frozen=True)
class SiteKind:
    """A kind of site as maps name it.

    Attributes:
        kind: Its key.
        space: Which of `spaces()` its ground is, or "" where no table speaks of such a site.
        stay_median_s, stay_sigma: How long people stay, lognormal.
        source: Who says so.
    """

    kind: str
    space: str
    stay_median_s: float
    stay_sigma: float
    source: str


@cache
def spaces() -> Mapping[str, Space]:
    """Ground for a person, by name."""
    return {
        row["name"]: Space(row["name"], float(row["least_m2"]), float(row["most_m2"]), row["source"])
        for row in rows_of("spaces.csv")
    }


@cache
def site_kinds() -> Mapping[str, SiteKind]:
    """Kinds of sites, by name."""
    return {
        row["kind"]: SiteKind(
            row["kind"], row["space"], 60.0 * float(row["stay_median_min"]), float(row["stay_sigma"]), row["source"]
        )
        for row in rows_of("kinds.csv")
    }


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table beside this file."""
    text = files("models.crowd.sites").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
