"""Who gains and who loses by new plans: by mode, by signal, and within a signal by approach, movement and phase."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from networks.roads.net_file import read_net
from networks.signals.layouts.area import middle_of
from viz.report import templates
from viz.signals.diagrams.coordination import coordination_diagram
from viz.signals.diagrams.gain_map import Spot, gain_map
from viz.signals.sheets.sheet import edge_origin
from viz.text import both, known, spans

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from networks import Layout
    from scenarios.signals.judging.close_look import CloseLook, SignalLook
    from scenarios.signals.judging.paired import Paired
    from scenarios.signals.judging.phases import Log, Performance


def fold_id(tls: str) -> str:
    """Id of the place of a signal on the page."""
    return f"fold-{tls}"


def mode_sheet(look: CloseLook) -> Markup:
    """Delay by mode, before and after."""
    rows = [
        {"mode": both(f"gain.mode.{one.mode}"), "travellers": f"{one.travellers:.0f}", "delay": pair(one.delay_s)}
        for one in look.modes
    ]
    return Markup(templates().get_template("gain_modes.html.j2").render(rows=rows))


def overview_sheet(look: CloseLook, layouts: Mapping[str, Layout], net: Path) -> Markup:
    """The map, and a row for each signal: what gains most first."""
    most = max((abs(one.hours.change) for one in look.signals.values()), default=1.0) or 1.0
    rows, spots = list[dict[str, Any]](), list[Spot]()
    for number, (tls, one) in enumerate(look.signals.items(), 1):
        full = max((load.after for load in one.loads), default=math.nan)
        queued = [(a.queue_m.after, a.storage_m) for a in one.approaches if a.queue_m is not None]
        rows.append({
            "number": number,
            "tls": tls,
            "target": fold_id(tls),
            "streets": streets(layouts[tls]),
            "hours": pair(one.hours),
            "delay": pair(one.delay_s),
            "full": figure(full, 2),
            "queue": percent(max((length / room for length, room in queued), default=math.nan)),
        })  # fmt: skip
        size = min(abs(one.hours.change) / most, 1.0)
        spots.append(Spot(number, fold_id(tls), middle_of(layouts[tls]), size, one.delay_s.verdict, f"{number} {tls}"))
    verdicts = [one.delay_s.verdict for one in look.signals.values()]
    shown = {
        "rows": rows,
        "map": gain_map(read_net(net), spots, title="signals") if spots else "",
        "counts": {
            "better": verdicts.count("better"),
            "worse": verdicts.count("worse"),
            "unsure": verdicts.count("cannot tell"),
        },
    }
    return Markup(templates().get_template("gain_overview.html.j2").render(shown))


def signal_sheet(look: SignalLook, layout: Layout, seed: int, *, diagrams: bool) -> Markup:
    """Approaches, movements and phases of one signal."""
    approaches = [
        {
            "name": edge_origin(layout, one.edge),
            "edge": one.edge,
            "vehicles": f"{one.vehicles:.0f}",
            "delay": pair(one.delay_s),
            "queue": pair(one.queue_m, 0) if one.queue_m else None,
            "storage": figure(one.storage_m, 0),
            "full": (percent(one.full.before), percent(one.full.after)) if one.full else ("–", "–"),
        }
        for one in look.approaches
    ]
    movements = [
        {
            "name": edge_origin(layout, one.from_edge),
            "turn": spans(known("sheet.turn", one.direction)),
            "volume": f"{one.volume_vph:.0f}",
            "before": figure(one.before, 2),
            "after": figure(one.after, 2),
            "over": one.after > 1.0,
        }
        for one in look.loads
    ]
    from scenarios.signals.judging.close_look import MOST_LOGGED

    phases = _phases(look.log) if look.log else []
    shown = {
        "approaches": approaches, "movements": movements, "phases": phases, "seed": seed, "most": MOST_LOGGED,
        "diagrams": _diagrams(look.log) if look.log and diagrams else [],
    }  # fmt: skip
    return Markup(templates().get_template("gain_signal.html.j2").render(shown))


def _phases(log: Log) -> list[dict[str, Any]]:
    return [
        {"number": one.number, "name": one.name, "sides": list(zip(_told(one.before), _told(one.after), strict=True))}
        for one in log.phases
        if one.before.cycles or one.after.cycles
    ]


def _told(one: Performance) -> tuple[str, ...]:
    return (
        str(one.cycles), percent(one.on_green), figure(one.platoon_ratio, 2), percent(one.failed), figure(one.ratio, 2)
    )  # fmt: skip


def _diagrams(log: Log) -> list[dict[str, Any]]:
    from scenarios.measures import atspm

    points = atspm.coordination_points(log.after, log.channels.detectors)
    cycles, found = atspm.phase_cycles(log.after), list[dict[str, Any]]()
    for one in log.phases:
        mine, own = points[points["phase"] == one.number], cycles[cycles["phase"] == one.number]
        if len(mine) and len(own):
            title = f"{log.channels.controller} {one.number} {one.name}"
            found.append({"number": one.number, "name": one.name, "svg": coordination_diagram(mine, own, title=title)})
    return found


def streets(layout: Layout) -> str:
    """Names of the streets that meet."""
    return ", ".join(sorted({one.name for one in layout.edges.values() if one.name})[:3])


def pair(one: Paired, digits: int = 1) -> dict[str, str]:
    """A figure before and after as a table shows it."""
    interval = f"{one.low:+.{digits}f}, {one.high:+.{digits}f}" if math.isfinite(one.low) else "–"
    return {
        "before": f"{one.before:.{digits}f}",
        "after": f"{one.after:.{digits}f}",
        "change": f"{one.change:+.{digits}f}",
        "interval": interval,
        "verdict": one.verdict,
        "kind": one.verdict.replace(" ", "-"),
    }


def figure(value: float, digits: int) -> str:
    """A number, – where there is none, ∞ where nothing may go."""
    if math.isnan(value):
        return "–"
    return "∞" if math.isinf(value) else f"{value:.{digits}f}"


def percent(value: float) -> str:
    """A share as people read it."""
    return f"{100 * value:.0f} %" if math.isfinite(value) else "–"
