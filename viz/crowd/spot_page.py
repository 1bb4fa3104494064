"""The page of a hot spot: a map of densities, their course, alarms with lead time, doors. One HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from markupsafe import Markup

from models.crowd.sites import band_of, density_bands
from viz.crowd.day_page import BAND_COLOURS
from viz.palette import BLUE, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.diagrams.svg import centred, drawing, element, label, line
from viz.signals.pages.page import page
from viz.text import both

if TYPE_CHECKING:
    from models.crowd.hotspot import MapSpot
    from models.crowd.hotspot.outlook import Outlook

SIDE = 460.0
"""Width and height that the map fits into (px)."""
EDGE = 20.0
"""Room about the map (px)."""
WIDE, TALL = 720.0, 240.0
COLOURS = {colour: hex_of(rgb) for colour, rgb in BAND_COLOURS.items()}


@dataclass(frozen=True)
class DoorLine:
    """What is told of one door."""

    name: str
    width_m: float
    came: int
    left: int
    waited: int


def spot_page(
    spot: MapSpot, found: Outlook, doors: Sequence[DoorLine], *, people: int, last_s: float | None, still_there: int
) -> str:
    """The page.

    Args:
        spot: The hot spot.
        found: What it came to.
        doors: A line for each door.
        people: How many walked.
        last_s: When the last one left (s); None where some are still there.
        still_there: How many those are.
    """
    peak = float(found.peak_pm2.max())
    shown = {
        "css": Markup(f":root{{--spot-people:{hex_of(BLUE)};--spot-dense:{hex_of(ORANGE)}}}\n{page_file('spot.css')}"),
        "map": _map(spot, found),
        "bands": [
            (COLOURS[one.colour], both("spot.band", from_pm2=f"{one.from_pm2:g}"), one.meaning)
            for one in density_bands()
        ],
        "course": _course(found),
        "figures": [
            (both("spot.free"), f"{spot.area.area:,.0f}"),
            (both("spot.red"), f"{found.red_person_min:,.1f}"),
            (both("spot.turbulent"), str(found.crush.count("turbulent"))),
            (both("spot.watch"), str(found.crush.count("watch"))),
            (both("spot.last"), "–" if last_s is None else f"{last_s:.0f}"),
            (both("spot.still"), str(still_there)),
        ],
        "alarms": [
            {
                "patch": one.patch,
                "at": f"{one.at_s:.0f}",
                "density": f"{one.density_pm2:.1f}",
                "inflow": f"{one.inflow_ps:.1f}",
                "outflow": f"{one.outflow_ps:.1f}",
                "lead": both("spot.never") if one.lead_s is None else f"{one.lead_s:.0f}",
            }
            for one in found.alarms
        ],
        "doors": doors,
        "notes": spot.notes,
    }
    part = Markup(templates().get_template("crowd_spot.html.j2").render(shown))
    minutes = f"{found.seen.time_s[-1] / 60:.0f}"
    lead = both("spot.lead", people=people, minutes=minutes, peak=f"{peak:.1f}", alarms=len(found.alarms))
    return page(spot.name, [part], kind=both("spot.kind"), lead=lead)


def _map(spot: MapSpot, found: Outlook) -> Markup:
    """Patches by their largest density, obstacles left white, doors and alarms."""
    left, low, right, high = spot.polygon.bounds
    scale = SIDE / max(right - left, high - low)

    def at(xy: Any) -> list[tuple[float, float]]:
        return [(EDGE + (x - left) * scale, EDGE + (high - y) * scale) for x, y in np.asarray(xy)[:, :2].tolist()]

    def path(shape: Any) -> str:
        rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
        return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at(ring.coords)) + "Z" for ring in rings)

    parts = []
    for patch, shape in enumerate(found.seen.patches.shapes):
        dense = float(found.peak_pm2[patch])
        told = element("title", f"{patch}: {dense:.1f}")
        parts.append(
            element(
                "path",
                told,
                d=path(shape),
                fill=COLOURS[band_of(dense).colour],
                class_="spot-patch",
                fill_rule="evenodd",
            )
        )
    parts.append(element("path", d=path(spot.area), class_="spot-edge", fill_rule="evenodd"))
    for one in spot.doors:
        ends = at(one.door.ends_m)
        parts.append(line(ends, class_="spot-door"))
        middle = np.mean(ends, axis=0)
        outward = middle - at([spot.area.centroid.coords[0]])[0]
        x, y = (middle + 11 * outward / max(float(np.hypot(*outward)), 1e-9)).tolist()
        parts.append(centred(x, y, one.door.name.removeprefix("door "), "spot-name"))
    for alarm in found.alarms:
        x, y = at([found.seen.patches.shapes[alarm.patch].centroid.coords[0]])[0]
        parts.append(element("circle", cx=x, cy=y, r=5.0, class_="spot-alarm"))
    metres = 10.0 if (right - left) > 20 else 2.0
    foot = EDGE + (high - low) * scale + EDGE
    parts.append(line([(EDGE, foot), (EDGE + metres * scale, foot)], class_="spot-scale"))
    parts.append(label(EDGE + 6 + metres * scale, foot + 4, f"{metres:.0f} m", class_="spot-label"))
    return drawing((right - left) * scale + 2 * EDGE, foot + 14, parts, title=spot.name, class_="spot-map")


def _course(found: Outlook) -> Markup:
    """People on the ground and the density of the densest patch, by time."""
    times, dense = found.seen.time_s, found.seen.density_pm2.max(axis=1)
    most, top = max(1.0, float(found.inside.max())), max(1.0, float(np.ceil(dense.max())))
    left, right, high, foot = 46.0, WIDE - 40, 12.0, TALL - 28

    def x(time: float) -> float:
        return left + (right - left) * (time - times[0]) / max(times[-1] - times[0], 1e-9)

    def y(share: float) -> float:
        return foot - (foot - high) * share

    parts = [line([(left, high), (left, foot), (right, foot), (right, high)], class_="spot-axis")]
    for share in (0.0, 0.5, 1.0):
        parts.append(label(left - 6, y(share) + 4, f"{share * most:.0f}", class_="spot-label", text_anchor="end"))
        parts.append(label(right + 6, y(share) + 4, f"{share * top:.1f}", class_="spot-label"))
    for share in np.linspace(0, 1, 5):
        time = float(times[0] + share * (times[-1] - times[0]))
        parts.append(label(x(time), foot + 18, f"{time:.0f} s", class_="spot-label", text_anchor="middle"))
    stride = max(1, len(times) // 500)
    for values, whole, name in ((found.inside, most, "spot-people"), (dense, top, "spot-dense")):
        course = [(x(float(time)), y(float(value) / whole)) for time, value in zip(times, values, strict=True)]
        parts.append(line(course[::stride], class_=name))
    return drawing(WIDE, TALL, parts, title="", class_="spot-course")
