"""The page of incidents: a map, and each answer in the order in which it was told; one HTML file, both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from networks.roads.net_file import read_net
from viz.calibration.jams_page import clock, colours
from viz.calibration.street_map import Drawn, Mark, street_map
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both, spans

if TYPE_CHECKING:
    from calibration.incidents import Verdict

_POSSIBLE = 0.05


def incidents_page(
    title: str, net_file: Path, verdicts: Sequence[Verdict], sensors: Mapping[str, str], window_s: tuple[float, float]
) -> str:
    """The page.

    Args:
        title: Its heading: the town.
        net_file: The network.
        verdicts: What was told, in order.
        sensors: Edge of each sensor.
        window_s: First and last second of the counts.
    """
    net = read_net(net_file)
    drawn = {edge: Drawn("jam-sensor", 3.0, sensor) for sensor, edge in sensors.items()}
    marks = []
    for number, one in enumerate(verdicts, 1):
        told = one.words["en"]
        if one.kind == "incident":
            drawn |= {
                edge: Drawn("jam-queue", 2.0 + 5.0 * share, f"{edge}: {100 * share:.0f} %")
                for edge, share in one.places
                if share >= _POSSIBLE
            }
            marks.append(Mark(one.edge, str(number), "jam-head", told))
        elif one.kind == "sensor":
            marks.append(Mark(sensors[one.sensor], str(number), "jam-liar", told))
        elif one.kind == "open" and one.edge:
            marks.append(Mark(one.edge, str(number), "jam-open", told))
    kinds = Counter(one.kind for one in verdicts)
    incidents, doubtful = kinds["incident"], kinds["open"]
    others = len(verdicts) - incidents - doubtful
    rows = [
        (both("found.told_at", time=clock(one.told_s)), both("found.since_at", time=clock(one.since_s)),
         spans(one.words))
        for one in verdicts
    ]  # fmt: skip
    begin, end = map(clock, window_s)
    shown = {
        "css": Markup(colours()) + page_file("calibration.css"), "rows": rows, "incidents": incidents,
        "headline": both("found.headline", incidents=incidents, open=doubtful, others=others),
        "map": street_map(net, drawn, marks, "found.map"),
    }  # fmt: skip
    part = Markup(templates().get_template("incidents.html.j2").render(shown))
    lead = both("found.lead", sensors=len(sensors), begin=begin, end=end)
    return page(title, [part], kind=both("found.kind"), lead=lead)
