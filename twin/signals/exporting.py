"""Plans in any format that leaves the twin: one table of formats for the command line and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks import Layout, SignalPlan
    from networks.exchange.exporting import Report

FORMATS = ("sumo", "utdf", "gmns", "nema", "ntcip", "gat1049", "gbt20999", "spat")
EDITIONS = ("2024", "2013")
_BY_LAMPS = ("gat1049", "gbt20999")


def write_as(
    kind: str, plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], out: Path, *, net: Path,
    edition: int = 2024,
) -> Report:  # fmt: skip
    """Write plans; each signal is read back and compared by the format's writer.

    Args:
        kind: One of FORMATS.
        plans: By signal.
        layouts: The ground, by signal.
        out: File, or folder of a format that needs several (`gmns`).
        net: The network, whose own plans tell groups of lamps.
        edition: Of `gat1049`.

    Raises:
        BadInput: No signal can be told in this format.
        StorageFailed: The disk is full.
    """
    from networks import read_signal_plans, write_signal_plans
    from networks.exchange.exporting import Report, export_gmns, export_nema, export_ntcip, export_utdf
    from networks.protocols.exporting import export_gat1049, export_gbt20999, export_spat

    wiring = read_signal_plans(net, source="imported") if kind in _BY_LAMPS else None
    if kind == "gat1049":
        return export_gat1049(plans, layouts, out, edition=edition, wiring=wiring)
    if kind == "gbt20999":
        return export_gbt20999(plans, layouts, out, wiring=wiring)
    if kind == "spat":
        return export_spat(plans, layouts, out)
    if kind == "sumo":
        write_signal_plans(plans, out)
        return Report({tls: [f"programme {one.program_id}, {one.control}"] for tls, one in plans.items()}, {})
    by_rings = {"utdf": export_utdf, "gmns": export_gmns, "nema": export_nema, "ntcip": export_ntcip}
    return by_rings[kind](plans, layouts, out)


def not_told(kind: str, plan: SignalPlan) -> list[str]:
    """What stands at the signal and no format but SUMO's parameters tells."""
    from networks import equipment_of

    words = equipment_of(plan).words if kind != "sumo" else ()
    return [f"not in the file, tell the controller by hand: {', '.join(words)}"] if words else []
