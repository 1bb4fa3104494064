"""The page of bottlenecks: a map, and each queue with its cause; one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from networks.roads.net_file import read_net
from viz.calibration.street_map import Drawn, Mark, street_map
from viz.palette import BLUE, GREY, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import LANGUAGES, both, spans, text

if TYPE_CHECKING:
    from calibration.bottlenecks import Cause, Jam, Proof


def jams_page(
    title: str, net_file: Path, found: Sequence[tuple[Jam, Cause, Proof | None]], seeds: int,
    window_s: tuple[float, float],
) -> str:  # fmt: skip
    """The page.

    Args:
        title: Its heading: the town.
        net_file: The network.
        found: Queues, the costliest first, with cause and proof.
        seeds: Simulations that they are the mean of; 0 for one run that was read.
        window_s: First and last second.
    """
    from calibration.bottlenecks import CAUSES

    net = read_net(net_file)
    queue = {
        street: Drawn("jam-queue", 4.0, f"{street} → {jam.head}")
        for jam, _, _ in reversed(found)
        for street in jam.streets
    }
    marks = [
        Mark(jam.head, str(number), "jam-head", f"{jam.head}: {jam.lost_h:.1f} veh-h")
        for number, (jam, _, _) in enumerate(found, 1)
    ]
    rows = [_row(*one) for one in found]
    begin, end = map(clock, window_s)
    lead = (
        both("jams.lead", seeds=seeds, begin=begin, end=end) if seeds else both("jams.lead_run", begin=begin, end=end)
    )
    headline = both("jams.none")
    if found:
        lost = f"{sum(jam.lost_h for jam, _, _ in found):.1f}"
        values = {"count": len(found), "lost": lost, "edge": found[0][0].head}
        cause = CAUSES[found[0][1].name]
        headline = spans({one: text("jams.headline", one, **values, cause=cause[one]) for one in LANGUAGES})
    shown = {
        "css": Markup(colours()) + page_file("calibration.css"), "headline": headline, "rows": rows,
        "map": street_map(net, queue, marks, "jams.map"),
    }  # fmt: skip
    part = Markup(templates().get_template("jams.html.j2").render(shown))
    return page(title, [part], kind=both("jams.kind"), lead=lead)


def _row(jam: Jam, cause: Cause, proof: Proof | None) -> tuple[Markup | str, ...]:
    from calibration.bottlenecks import CAUSES

    why = Markup("<b>{}</b>: {}").format(spans(CAUSES[cause.name]), spans(cause.why))
    longest, lost = both("jams.metres", value=f"{jam.longest_m:.0f}"), both("jams.hours", value=f"{jam.lost_h:.1f}")
    return jam.head, f"{clock(jam.begin_s)}-{clock(jam.end_s)}", longest, lost, why, _proof(proof)


def _proof(proof: Proof | None) -> Markup:
    if proof is None:
        return both("jams.untested")
    width = f"{proof.half_width_h:.1f}" if proof.half_width_h == proof.half_width_h else "?"
    return both("jams.saves", saved=f"{proof.saved_h:.1f}", width=width, town=f"{proof.town_h:.1f}", seeds=proof.seeds)


def clock(second: float) -> str:
    """A second of the simulation as a time of its day."""
    minutes = int(second // 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def colours() -> str:
    """Colours of both pages."""
    return (
        f":root{{--cal-over:{hex_of(ORANGE)};--cal-under:{hex_of(BLUE)};--cal-right:{hex_of(GREY)};}}\n"
        ".jam-queue,.jam-sensor{fill:none;stroke-linecap:round}"
        f".jam-queue{{stroke:{hex_of(ORANGE)}}}.jam-sensor{{stroke:{hex_of(BLUE)}}}\n"
        ".jam-head{fill:#12202f;stroke:#fff;stroke-width:1.5}"
        ".jam-open{fill:#66707c;stroke:#fff;stroke-width:1.5}"
        f".jam-liar{{fill:{hex_of(BLUE)};stroke:#fff;stroke-width:1.5}}"
        ".cal-table td:first-child{min-width:0}\n"
    )
