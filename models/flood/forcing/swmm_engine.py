"""SWMM as an engine that is stepped from outside: water goes into its nodes, and what floods comes out."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from networks.errors import BadInput, EngineFailed
from networks.ground.swmm import check_with_swmm

_FOOT3_M3 = 0.028316846592
_FLOWS = (_FOOT3_M3, 3.785411784e-3 / 60, 3785.411784 / 86400, 1.0, 1e-3, 1e3 / 86400)
"""SWMM's flow units CFS, GPM, MGD, CMS, LPS, MLD in m3/s."""
_OURS = "\n[OPTIONS]\nIGNORE_RAINFALL YES\nALLOW_PONDING NO\nIGNORE_QUALITY YES\n"
_DAYS = 60


class SwmmEngine:
    """One SWMM simulation; SWMM holds one per process.

    The file's rain is left out, since it falls on the ground that is simulated beside it; its dry-weather and other
    inflows stay. What floods at a node is not kept there. Files that it names must be named by their whole path.

    Args:
        file: SWMM 5 input file.

    Raises:
        BadInput: SWMM refuses the file (its words, with the line), or another one runs in this process.
        EngineFailed: SWMM cannot start.
    """

    _busy = False

    def __init__(self, file: Path) -> None:
        check_with_swmm(file)
        if SwmmEngine._busy:
            remedy = "close it first, or run this one in a process of its own"
            raise BadInput("another SWMM simulation runs in this process", file=file, remedy=remedy)
        from swmm.toolkit import shared_enum, solver

        self._file, self._solver, self._names = file, solver, shared_enum
        self._scratch = tempfile.TemporaryDirectory(prefix="citytwin-")
        SwmmEngine._busy = True
        self._end = weakref.finalize(self, _ended, solver, self._scratch)
        try:
            self._start()
        except Exception as error:
            self.close()
            raise EngineFailed(f"SWMM cannot start: {str(error).strip()}", file=file) from error
        self.time_s = 0

    def index(self, node: str) -> int:
        """The number of a node.

        Raises:
            BadInput: There is no such node.
        """
        try:
            return int(self._solver.project_get_index(self._names.ObjectType.NODE, node))
        except Exception as error:
            expected = "a junction, storage or outfall of this file"
            raise BadInput(f"it has no node {node!r}", file=self._file, expected=expected) from error

    @property
    def nodes(self) -> int:
        """How many nodes it has."""
        return int(self._solver.project_get_count(self._names.ObjectType.NODE))

    def full(self, node: int) -> bool:
        """Whether the water in a node stands at its rim."""
        whole = self._solver.node_get_parameter(node, self._names.NodeProperty.FULL_DEPTH)
        depth = self._solver.node_get_result(node, self._names.NodeResult.DEPTH)
        return bool(whole > 0 and depth >= whole * (1 - 1e-9))

    def advance(self, until_s: int, inflow_m3s: Mapping[int, float], outfall_m: Mapping[int, float]) -> None:
        """Run until a moment (whole s) with inflows into nodes (m3/s) and levels (m) at outfalls.

        Raises:
            EngineFailed: SWMM stops.
        """
        try:
            for node, flow in inflow_m3s.items():
                self._solver.node_set_total_inflow(node, flow / self._flow)
            for node, level in outfall_m.items():
                self._solver.outfall_set_stage(node, level / self._metre)
            self._solver.swmm_stride(until_s - self.time_s)
        except Exception as error:
            raise EngineFailed(
                f"SWMM stopped at {self.time_s} s: {str(error).strip()}", file=self._file, place=f"{until_s} s"
            ) from error
        self.time_s = until_s

    def flooded_m3(self, node: int) -> float:
        """What has come out of a node so far (m3)."""
        return float(self._solver.node_get_stats(node).volFlooded) * self._cubic

    def stored_m3(self) -> float:
        """What stands in nodes and links (m3)."""
        names, solver = self._names, self._solver
        links = range(solver.project_get_count(names.ObjectType.LINK))
        in_nodes = sum(solver.node_get_result(one, names.NodeResult.VOLUME) for one in range(self.nodes))
        return (
            float(in_nodes + sum(solver.link_get_result(one, names.LinkResult.VOLUME) for one in links)) * self._cubic
        )

    def totals_m3(self) -> dict[str, float]:
        """All that came in (`came`: ours, the file's own, the sea's through outfalls) and left below (m3)."""
        totals = self._solver.system_get_routing_totals()
        came = totals.exInflow + totals.dwInflow + totals.wwInflow + totals.gwInflow + totals.iiInflow
        lost = totals.evapLoss + totals.seepLoss
        return {
            "came": came * self._cubic,
            "outfalls": totals.outflow * self._cubic,
            "lost": lost * self._cubic,
        }

    def close(self) -> None:
        """End it; another may start then. So does whoever lets go of it."""
        self._end()

    def _start(self) -> None:
        solver, names = self._solver, self._names
        folder = Path(self._scratch.name)
        copy = folder / "pipes.inp"
        copy.write_bytes(self._file.read_bytes() + _OURS.encode())
        solver.swmm_open(str(copy), str(folder / "report.txt"), str(folder / "out"))
        end = datetime(*solver.simulation_get_datetime(names.TimeProperty.START_DATE)[:6]) + timedelta(days=_DAYS)
        moment = (end.year, end.month, end.day, end.hour, end.minute, end.second)
        solver.simulation_set_datetime(names.TimeProperty.END_DATE, *moment)
        solver.swmm_start(0)
        unit = int(solver.simulation_get_unit(names.UnitProperty.FLOW_UNIT))
        self._flow = _FLOWS[unit]
        self._cubic, self._metre = (_FOOT3_M3, 0.3048) if unit < 3 else (1.0, 1.0)


def _ended(solver: Any, scratch: tempfile.TemporaryDirectory[str]) -> None:
    """End SWMM, also where it failed before and has nothing left to end."""
    for end in (solver.swmm_end, solver.swmm_close):
        with suppress(Exception):
            end()
    scratch.cleanup()
    SwmmEngine._busy = False
