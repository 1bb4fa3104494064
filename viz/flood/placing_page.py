"""Where pumps and crews help most, as part of a flood's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.report import templates

if TYPE_CHECKING:
    from networks.sentence import Sentence


@dataclass(frozen=True)
class PlacingRow:
    """One placement: where pumps and crews stand, and what it saves, with its interval."""

    pumps: Sentence
    crews: Sentence
    hours: str
    people: str
    total: str


def placing_part(
    verdict: Sentence, rows: Sequence[PlacingRow], notes: Sequence[Sentence], warning: Sentence | None
) -> Markup:
    """The section.

    Args:
        verdict: What to do, in a sentence.
        rows: Placements that were run in full, the best first.
        notes: What they rest on.
        warning: Of the terrain, on top.
    """
    template = templates().get_template("flood_placing.html.j2")
    return Markup(template.render(verdict=verdict, rows=rows, notes=notes, warning=warning))
