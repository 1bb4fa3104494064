"""The sheet of a signal's performance: a line for each phase, and its coordination diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from scenarios.measures import atspm
from viz.report import templates
from viz.signals.diagrams.coordination import coordination_diagram
from viz.text import both

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from scenarios.measures.channels import Detector


def performance_sheet(
    controller: str,
    events: pd.DataFrame,
    detectors: Sequence[Detector],
    *,
    told: Markup | str,
    names: Mapping[int, str] | None = None,
    queues: pd.DataFrame | None = None,
) -> Markup:
    """The sheet of one controller as a part of an HTML page in both languages.

    Args:
        controller: Its id in the events.
        events: time_s, controller, code, parameter: of a simulation or of the field.
        detectors: Of this and perhaps others.
        told: Where the events come from.
        names: A name for each phase.
        queues: phase, storage_m, longest_m, full: the worst lane of each phase, where queues were seen.
    """
    own = events[events["controller"] == controller]
    cycles, points = atspm.phase_cycles(own), atspm.coordination_points(own, detectors)
    tables = {
        "arrived": atspm.arrivals_on_green(own, detectors),
        "ratio": atspm.volume_to_capacity(own, detectors),
        "splits": atspm.split_failures(own, detectors),
        "queue": queues,
    }
    phases = sorted({int(phase) for phase in cycles["phase"]})
    rows = [_row(phase, cycles, tables, (names or {}).get(phase, "")) for phase in phases]
    for row in rows:
        mine = points[points["phase"] == row["phase"]]
        own_cycles = cycles[cycles["phase"] == row["phase"]]
        row["diagram"] = ""
        if len(mine):
            title = f"{controller} {row['phase']} {row['name']}".strip()
            row["diagram"] = coordination_diagram(mine, own_cycles, title=title)
    shown: dict[str, Any] = {"controller": controller, "rows": rows, "told": told, "queues": queues is not None}
    return Markup(templates().get_template("atspm.html.j2").render(shown))


def _row(phase: int, cycles: pd.DataFrame, tables: Mapping[str, pd.DataFrame | None], name: str) -> dict[str, Any]:
    arrived, ratio, splits, queue = (_of(tables[key], phase) for key in ("arrived", "ratio", "splits", "queue"))
    shown: dict[str, Any] = {"phase": phase, "name": name, "cycles": int((cycles["phase"] == phase).sum())}
    count = int(arrived["arrivals"].iloc[0]) if len(arrived) else 0
    shown["arrivals"] = count
    shown["on_green"] = f"{100 * arrived['on_green'].iloc[0]:.0f} %" if count else "–"
    shown["green_share"] = f"{100 * arrived['green_share'].iloc[0]:.0f} %" if len(arrived) else "–"
    shown["platoon"] = f"{arrived['platoon_ratio'].iloc[0]:.2f}" if count else "–"
    shown["failures"] = f"{int(splits['failed'].sum())} / {len(splits)}" if len(splits) else "–"
    shown["ratio"] = f"{ratio['ratio'].iloc[0]:.2f}" if len(ratio) else "–"
    shown["queue"], shown["full"] = "–", "–"
    if len(queue):
        worst = queue.iloc[0]
        shown["queue"] = both("atspm.of_m", queue=f"{worst['longest_m']:.0f}", storage=f"{worst['storage_m']:.0f}")
        shown["full"] = f"{100 * worst['full']:.0f} %"
    return shown


def _of(table: pd.DataFrame | None, phase: int) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame() if table is None else table[table["phase"] == phase]
