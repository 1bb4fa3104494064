"""Pipes under the street: inlets lead water down into SWMM, and what floods there comes back up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from models.flood.forcing.inlets import Inlet
from models.flood.forcing.series import Series
from models.flood.forcing.swmm_engine import SwmmEngine
from models.flood.surface.water import Water
from networks.errors import BadInput

_CAME = ("taken", "own", "begun")


class PipeNetwork:
    """A SWMM network coupled both ways; a `Forcing`, and a context that ends SWMM.

    Every piece of time each inlet takes what its grating lets through, at most what stands there, and none while its
    node is full to the rim; SWMM then runs over the piece, and what floods at a node is put on the street. Booked as
    `NAME takes` and `NAME gives`; `account_m3` books the water below.

    SWMM's own balance may be open by some percent: the street never gets back more than the pipes can have.

    Args:
        file: SWMM 5 input file.
        inlets: Gratings, each with the node that it leads to.
        manholes: Node -> flat index of the cell where it floods; a node with inlets floods at the first of them. What
            floods elsewhere is lost to the street, and booked below.
        outfall_level_m: Outfall -> level outside in time (m, the file's zero), e.g. a tide that holds the pipes back.
        exchange_s: Piece of time (whole s).
        name: The ledger's bookings.

    Raises:
        BadInput: SWMM refuses the file, an inlet's node is not in it, or another simulation runs in this process.
        EngineFailed: SWMM cannot start.
    """

    def __init__(
        self,
        file: Path,
        inlets: Sequence[Inlet],
        *,
        manholes: Mapping[str, int] | None = None,
        outfall_level_m: Mapping[str, Series] | None = None,
        exchange_s: int = 10,
        name: str = "pipes",
    ) -> None:
        if exchange_s < 1 or int(exchange_s) != exchange_s:
            raise BadInput(f"exchange_s is {exchange_s:g}", place="exchange_s", expected="whole seconds")
        self.name, self.every_s, self.inlets = name, float(exchange_s), tuple(inlets)
        self._swmm = SwmmEngine(file)
        try:
            self._node = [self._swmm.index(one.node) for one in self.inlets]
            self._cells = {
                node: one.cell for node, one in zip(reversed(self._node), reversed(self.inlets), strict=True)
            }
            self._cells |= {self._swmm.index(node): cell for node, cell in (manholes or {}).items()}
            self._outside = {self._swmm.index(node): level for node, level in (outfall_level_m or {}).items()}
        except BadInput:
            self._swmm.close()
            raise
        self._waiting = dict.fromkeys(self._node, 0.0)
        self._flooded = [self._swmm.flooded_m3(node) for node in range(self._swmm.nodes)]
        self._begun_m3 = self._swmm.stored_m3()
        self._taken = self._given = self._elsewhere = 0.0

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Lead water down, let SWMM run, and put back what floods."""
        for inlet, node in zip(self.inlets, self._node, strict=True):
            depth = float(water.depth_m.reshape(-1)[inlet.cell])
            if depth > 0 and not self._swmm.full(node):
                wanted = inlet.capture_m3s(depth) * (end_s - begin_s)
                taken = water.take(f"{self.name} takes", [inlet.cell], wanted)
                self._waiting[node] += taken
                self._taken += taken
        until, since = int(end_s + 1e-6), self._swmm.time_s
        if until <= since:
            return
        inflow = {node: volume / (until - since) for node, volume in self._waiting.items()}
        self._swmm.advance(until, inflow, {node: level.at(begin_s) for node, level in self._outside.items()})
        self._waiting = dict.fromkeys(self._waiting, 0.0)
        self._come_up(water)

    def account_m3(self) -> dict[str, float]:
        """The water below (m3): what came in, where it is, and what SWMM's own balance leaves open.

        Keys: `taken`, `own` (the file's own inflows, the sea through outfalls), `begun` (stood there), `given`,
        `flooded elsewhere`, `outfalls`, `lost` (evaporation, seepage), `stored`, `waiting` (taken, not yet in a pipe),
        `open`.
        """
        totals, waiting = self._swmm.totals_m3(), sum(self._waiting.values())
        account = {
            "taken": self._taken,
            "own": max(0.0, totals["came"] - (self._taken - waiting)),
            "begun": self._begun_m3,
            "given": self._given,
            "flooded elsewhere": self._elsewhere,
            "outfalls": totals["outfalls"],
            "lost": totals["lost"],
            "stored": self._swmm.stored_m3(),
            "waiting": waiting,
        }
        came = sum(account[name] for name in _CAME)
        return account | {"open": came - sum(volume for name, volume in account.items() if name not in _CAME)}

    def close(self) -> None:
        """End SWMM."""
        self._swmm.close()

    def __enter__(self) -> PipeNetwork:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _come_up(self, water: Water) -> None:
        """Put on the street what SWMM says has flooded, at most what its pipes can have had."""
        rises: dict[int, float] = {}
        for node, before in enumerate(self._flooded):
            self._flooded[node] = self._swmm.flooded_m3(node)
            if self._flooded[node] > before:
                rises[node] = self._flooded[node] - before
        if not rises:
            return
        share = min(1.0, max(0.0, self.account_m3()["open"]) / sum(rises.values()))
        for node, rise in rises.items():
            cell = self._cells.get(node)
            if cell is None:
                self._elsewhere += rise * share
            elif share > 0:
                water.add(f"{self.name} gives", [cell], rise * share)
                self._given += rise * share
