"""The page of RiMEA's tests, each with a picture of its ground and of the ways that people took: one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from networks.sentence import say
from viz.palette import BLUE, CANNOT_TELL, hex_of
from viz.report import page_file, templates
from viz.signals.diagrams.svg import drawing, element, line
from viz.signals.pages.page import page
from viz.text import both, spans
from viz.text_rimea import MEASURES

if TYPE_CHECKING:
    from models.crowd.validation import Outcome

SIDE = 300.0
"""Width and height that a picture fits into (px)."""
WAYS = 60
"""So many people's ways are drawn."""


def rimea_page(outcomes: Sequence[Outcome]) -> str:
    """The page.

    Args:
        outcomes: Every test at every angle, in order.
    """
    tests = [[one for one in outcomes if one.test == number] for number in dict.fromkeys(one.test for one in outcomes)]
    held = [check for one in outcomes for check in one.checks if check.gate is not None]
    css = f":root{{--rimea-way:{hex_of(BLUE)};--rimea-ground:{hex_of(CANNOT_TELL)}}}\n{page_file('rimea.css')}"
    shown = {"css": Markup(css), "tests": [_test(test) for test in tests]}
    part = Markup(templates().get_template("rimea.html.j2").render(shown))
    lead = both("rimea.lead", met=sum(check.passed for check in held), held=len(held))
    return page("RiMEA", [part], kind=both("rimea.kind"), lead=lead)


def _test(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    first = outcomes[0]
    gates = [check.gate for one in outcomes for check in one.checks if check.gate is not None]
    state = "documented" if not gates else "passed" if all(one.passed for one in outcomes) else "missed"
    rows = []
    for number, check in enumerate(first.checks):
        rows.append(
            {
                "measured": spans(say(check.measure, MEASURES.get(check.measure, check.measure))),
                "gate": "–" if check.gate is None else f"{check.gate:g}",
                "found": [(f"{one.checks[number].value:.3g}", one.checks[number].passed) for one in outcomes],
            }
        )
    return {
        "number": first.test,
        "title": both(f"rimea.{first.test}"),
        "state": state,
        "told": both(f"rimea.{state}"),
        "pictures": [
            picture(one) for one in {outcomes[0].degrees: outcomes[0], outcomes[-1].degrees: outcomes[-1]}.values()
        ],
        "degrees": [both("rimea.turned", degrees=f"{one.degrees:g}") for one in outcomes],
        "rows": rows,
    }


def picture(outcome: Outcome) -> Markup:
    """The ground, its doors, and the ways of up to `WAYS` people."""
    left, low, right, high = outcome.area.bounds
    scale = SIDE / max(right - left, high - low)
    wide, tall = (right - left) * scale + 10, (high - low) * scale + 10

    def at(xy: Any) -> list[tuple[float, float]]:
        return [(5 + (x - left) * scale, 5 + (high - y) * scale) for x, y in np.asarray(xy)[:, :2].tolist()]

    rings = [outcome.area.exterior, *outcome.area.interiors]
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at(ring.coords)) + "Z" for ring in rings)
    parts = [element("path", d=path, class_="rimea-ground", fill_rule="evenodd")]
    tracks = outcome.tracks
    people = np.unique(tracks.person)
    for person in people[:: max(1, -(-len(people) // WAYS))]:
        way = at(tracks.xy_m[tracks.person == person][::2])
        parts.append(line(way, class_="rimea-way"))
        parts.append(element("circle", cx=way[0][0], cy=way[0][1], r=1.6, class_="rimea-begin"))
    parts += [line(at(door.ends_m), class_="rimea-door") for door in outcome.doors]
    title = f"RiMEA {outcome.test}, {outcome.degrees:g}°"
    return drawing(wide, tall, parts, title=title, class_="rimea-picture")
