"""An assignment as files for other programs: CSV tables, OMX and CSV matrices, a summary as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.assignment import Selected, select_links
from networks.errors import BadInput
from networks.imports.omx_writing import write_matrices
from scenarios.planning.assigned import Assigned, edge_table, skims, turn_table
from scenarios.planning.screenlines import crossings

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from networks import City
    from scenarios.planning.appraisal import Compared

MADE_BY = "twin assign"
Selections = Mapping[str, Mapping[str, Selected]]
"""By name of what is selected, then by class."""


def selections(done: Assigned, edges: tuple[str, ...]) -> dict[str, dict[str, Selected]]:
    """Select link for each of `edges` and each class.

    Args:
        done: The assignment.
        edges: Ids; `a+b` is whatever passes a or b.

    Raises:
        BadInput: An edge is not in the city.
    """
    check_selected(edges, done.city.edges)
    if not edges:
        return {}
    number, network = done.city.edge_number, done.city.network
    groups = [[number[name] for name in text.split("+")] for text in edges]
    by_class = {one.name: select_links(network, one, done.found, groups) for one in done.classes}
    return {text: {name: all_of[k] for name, all_of in by_class.items()} for k, text in enumerate(edges)}


def check_selected(chosen: Iterable[str], edges: Collection[str]) -> None:
    """All edges of select links are in the city.

    Raises:
        BadInput: One is not.
    """
    known = set(edges)
    for name in (name for text in chosen for name in text.split("+")):
        if name not in known:
            raise BadInput(
                f"the city has no edge {name}",
                place="--select",
                expected=f"ids of the layer edges, such as {', '.join(list(edges)[:3])}",
            )


def write_assigned(
    folder: Path, city: City, done: Assigned, chosen: Selections, lines: gpd.GeoDataFrame | None
) -> dict[str, Any]:
    """Write an assignment into an empty folder, and give its summary.

    Files: edges.csv, turns.csv, trips.omx, skims.omx, skims.csv, summary.json; select.csv and select.omx where edges
    were selected; screenlines.csv.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = city.layer("edges")["name"].fillna("").tolist()
    _csv(edge_table(done, names), folder / "edges.csv")
    _csv(turn_table(done, city.layer("edges")["to_node"].tolist()), folder / "turns.csv")
    zones = done.city.zones
    write_matrices(folder / "trips.omx", zones, {one.name: one.trips for one in done.classes})
    cells = {f"{what}_{one.name}": m for one in done.classes for what, m in skims(done, one).items()}
    for name in ("skims.omx", "skims.csv"):
        write_matrices(folder / name, zones, cells)
    if chosen:
        _csv(_select_table(done, chosen), folder / "select.csv")
        matrices = {
            f"{what}_{name}".replace("/", "_"): s.trips for what, by in chosen.items() for name, s in by.items()
        }
        write_matrices(folder / "select.omx", zones, matrices)
    if lines is not None:
        _csv(crossings(city, lines, done), folder / "screenlines.csv")
    summary = {
        "made_by": MADE_BY,
        "city": {"name": city.name, "digest": city.digest},
        "gap": done.found.gap,
        "rounds": len(done.found.gaps),
        "converged": done.found.converged,
        "totals": done.totals,
        "zones_not_connected": list(done.city.lonely),
        "told": list(done.told),
    }
    write_summary(folder / "summary.json", summary)
    return summary


def difference_table(city: City, before: Assigned, after: Assigned) -> pd.DataFrame:
    """Edges whose flow changes: edge_id, name, flow before, after and difference (pcu/h), v/c and time of both."""
    import pandas as pd

    count = len(before.city.edges)
    old, new = before.found.flow[:count], after.found.flow[:count]
    table = pd.DataFrame(
        {
            "edge_id": before.city.edges,
            "name": city.layer("edges")["name"].fillna("").tolist(),
            "before_pcu_h": old.round(3),
            "after_pcu_h": new.round(3),
            "difference_pcu_h": (new - old).round(3),
            "before_v_c": (old / before.city.network.capacity[:count]).round(4),
            "after_v_c": (new / after.city.network.capacity[:count]).round(4),
            "before_s": before.found.time[:count].round(3),
            "after_s": after.found.time[:count].round(3),
        }
    )
    changed = table[(table["difference_pcu_h"] != 0) | (table["before_s"] != table["after_s"])]
    order = np.lexsort((changed["edge_id"], -changed["difference_pcu_h"].abs()))
    return changed.iloc[order].reset_index(drop=True)


def write_comparison(folder: Path, city: City, before: Assigned, done: Compared) -> None:
    """Write difference.csv and comparison.json."""
    _csv(difference_table(city, before, done.after), folder / "difference.csv")
    totals = {
        what: {"before": value, "after": done.after.totals[what], "difference": done.after.totals[what] - value}
        for what, value in before.totals.items()
    }
    write_summary(
        folder / "comparison.json",
        {
            "made_by": MADE_BY,
            "scheme": done.scheme.model_dump(),
            "totals": totals,
            "benefits": [asdict(gain) for gain in done.gains],
            "value_of_time": done.value.model_dump(),
        },
    )


def is_assignment(folder: Path) -> bool:
    """Whether a folder was written by us, and may be replaced."""
    for name in ("summary.json", "comparison.json"):
        try:
            content = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(content, dict) and content.get("made_by") == MADE_BY:
            return True
    return False


def write_summary(file: Path, content: Mapping[str, Any]) -> None:
    """JSON as people read it."""
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _select_table(done: Assigned, chosen: Selections) -> pd.DataFrame:
    import pandas as pd

    count = len(done.city.edges)
    parts = []
    for what, by_class in chosen.items():
        table = pd.DataFrame({"selected": what, "edge_id": done.city.edges})
        for name, one in by_class.items():
            table[f"veh_h_{name}"] = one.flow[:count].round(3)
        flows = sum((one.flow[:count] for one in by_class.values()), np.zeros(count))
        parts.append(table[flows > 1e-6])
    return pd.concat(parts, ignore_index=True)


def _csv(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
