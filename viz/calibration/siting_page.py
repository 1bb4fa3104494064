"""The page of places for sensors: a map and a table, one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from networks.roads.net_file import Net, read_net
from viz.calibration.street_map import Drawn, Mark, street_map
from viz.palette import BLUE, GREY, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both

if TYPE_CHECKING:
    from calibration.health import Siting

_KNOWN, _HALF = 0.25, 0.5


def siting_page(title: str, net_file: Path, found: Siting, existing: Collection[str]) -> str:
    """The page.

    Args:
        title: Its heading: the town.
        net_file: The network.
        found: The places.
        existing: Streets that are counted already.
    """
    net = read_net(net_file)
    names = {edge.edge_id: edge.name for edge in net.edges}
    last = found.sites[-1]
    told = {"count": len(found.sites), "left": _share(last.left), "bound": _share(found.bound)}
    shown = {
        "css": Markup(_colours()) + page_file("calibration.css"),
        "headline": both("siting.headline", **told),
        "map": _map(net, found, existing),
        "existing": bool(existing),
        "rows": [
            (f"{names[one.edge]} ({one.edge})" if names[one.edge] else one.edge, f"± {_share(one.own_cv)}",
             _share(one.taken), _share(one.left))
            for one in found.sites
        ],
    }  # fmt: skip
    part = Markup(templates().get_template("siting.html.j2").render(shown))
    lead = both("siting.lead", count=len(found.sites), existing=len(existing), streets=len(found.edges))
    return page(title, [part], kind=both("siting.kind"), lead=lead)


def _map(net: Net, found: Siting, existing: Collection[str]) -> Markup:
    most = float(found.mean.max())
    drawn = {}
    for name, mean, error in zip(found.edges, found.mean, found.after, strict=True):
        unsure = error / max(mean, 1e-9)
        kind = "site-known" if unsure <= _KNOWN else ("site-half" if unsure <= _HALF else "site-unknown")
        drawn[name] = Drawn(kind, 1.2 + 5.0 * np.sqrt(mean / most), f"{name}: ± {_share(unsure)}")
    marks = [Mark(one.edge, str(number), "site-new", one.edge) for number, one in enumerate(found.sites, start=1)]
    return street_map(net, drawn, marks, "siting.map", squares=existing)


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value >= 0.0995 else f"{100 * value:.1f} %"


def _colours() -> str:
    return (
        f":root{{--cal-over:{hex_of(ORANGE)};--cal-under:{hex_of(BLUE)};--cal-right:{hex_of(GREY)};}}\n"
        ".site-known,.site-half,.site-unknown{fill:none;stroke-linecap:round}"
        f".site-known{{stroke:{hex_of(BLUE)}}}.site-half{{stroke:#7d8b99}}.site-unknown{{stroke:{hex_of(ORANGE)}}}\n"
        ".site-new{fill:#12202f;stroke:#fff;stroke-width:1.5}\n"
    )
