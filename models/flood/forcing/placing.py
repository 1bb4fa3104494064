"""A file's structures on a terrain: what `simulate_flood` is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.flood.forcing.barrier import Barrier
from models.flood.forcing.curve_number import CurveNumber
from models.flood.forcing.gate import Gate, Opening
from models.flood.forcing.green_ampt import GreenAmpt
from models.flood.forcing.inlets import Inlet, Inlets, block_some
from models.flood.forcing.levels import LevelBoundary, sea_as_level, side_cells
from models.flood.forcing.pump import Pump
from models.flood.forcing.series import Series, constant
from models.flood.forcing.site import Site
from models.flood.forcing.soils import Soil, curve_number_named, soil_named
from models.flood.forcing.structure_text import (
    BarrierText,
    BlockedText,
    CurveNumberText,
    CurveText,
    GateText,
    InflowText,
    InletText,
    LevelText,
    PumpText,
    SoilText,
)
from models.flood.forcing.structures import Structures
from models.flood.inflow import Inflow
from models.flood.rain import Rain
from models.flood.surface.water import Forcing
from networks.errors import BadInput


@dataclass(frozen=True)
class Placed:
    """What a structures file adds to a run.

    Attributes:
        forcings: For `simulate_flood(forcings=...)`.
        inflows: For `simulate_flood(inflows=...)`.
        surface: (rows, cols) for `simulate_flood(surface=...)`: the site's, or with its sea as land held at a level.
        initial_depth_m: (rows, cols) for `simulate_flood(initial_depth_m=...)`: that of such a sea.
        inlets: The gratings, as far as they are open.
    """

    forcings: tuple[Forcing, ...]
    inflows: tuple[Inflow, ...]
    surface: np.ndarray
    initial_depth_m: np.ndarray
    inlets: tuple[Inlet, ...]


def place_structures(structures: Structures, site: Site, *, rain: Rain | None = None, seed: int = 0) -> Placed:
    """Put a file's structures on a terrain.

    Args:
        structures: The file's.
        site: The terrain.
        rain: The run's rain, which curve numbers need.
        seed: The member's, from which blocked inlets are drawn.

    Raises:
        BadInput: One stands outside the terrain, in the sea or in a building, or cannot be; told with file and line.
    """
    work = _Work(site, rain)
    for entry, line in zip(structures.entries, structures.lines, strict=True):
        try:
            _PLACE[entry.kind](work, entry)
        except BadInput as error:
            raise BadInput(
                f"{entry.kind} {entry.id}: {error.what}",
                file=structures.file,
                place=f"line {line}",
                expected=error.expected,
                remedy=error.remedy,
            ) from error
    inlets = block_some(work.inlets, work.blocked, seed) if work.blocked else tuple(work.inlets)
    drains: tuple[Forcing, ...] = (Inlets(inlets),) if inlets else ()
    return Placed((*work.forcings, *drains), tuple(work.inflows), work.surface, work.depth, inlets)


class _Work:
    """What has been placed so far."""

    def __init__(self, site: Site, rain: Rain | None) -> None:
        self.site, self.rain = site, rain
        self.surface, self.depth = np.asarray(site.surface), np.zeros(site.surface.shape)
        self.forcings: list[Forcing] = []
        self.inflows: list[Inflow] = []
        self.inlets: list[Inlet] = []
        self.blocked = 0.0


def _series(text: CurveText, place: str) -> Series:
    return Series(np.array(text.times_s), np.array(text.values), place)


def _level(work: _Work, text: LevelText) -> None:
    level, name = Series(np.array(text.times_s), np.array(text.level_m), "level_m"), f"level {text.id}"
    if text.sea:
        work.surface, work.depth, sea = sea_as_level(work.surface, work.site.elevation_m, level, name=name)
        work.forcings.append(sea)
        return
    cells = side_cells(work.surface, text.side) if text.side else work.site.along(text.line or [])
    work.forcings.append(LevelBoundary(name, cells, level))


def _inflow(work: _Work, text: InflowText) -> None:
    row, col = divmod(work.site.cell(text.at), work.surface.shape[1])
    times, flow = np.array(text.times_s), np.array(text.flow_m3s)
    if len(times) < 2 or times.shape != flow.shape or not np.all(np.diff(times) > 0) or np.any(flow < 0):
        expected = "two or more times, increasing, and a flow for each, none negative"
        raise BadInput("a hydrograph that cannot be", expected=expected)
    work.inflows.append(Inflow([row], [col], times, flow))


def _pump(work: _Work, text: PumpText) -> None:
    against = text.outlet_level_m
    if against is not None and text.to is not None:
        raise BadInput("both to and outlet_level_m", expected="one of them: on the map the head is found from levels")
    work.forcings.append(
        Pump(
            f"pump {text.id}",
            [work.site.cell(text.at)],
            text.curve,
            start_depth_m=text.start_depth_m,
            stop_depth_m=text.stop_depth_m,
            outlet=None if text.to is None else work.site.cell(text.to),
            outlet_level_m=None if against is None else constant(against),
            fails_s=text.fails_s,
        )
    )


def _gate(work: _Work, text: GateText) -> None:
    far = work.site.cell(text.to) if text.to is not None else _series(_given(text.outside), "outside")
    work.forcings.append(
        Gate(
            f"gate {text.id}",
            Opening(text.width_m, text.height_m, text.sill_m),
            work.site.cell(text.at),
            far,
            open_share=None if text.open_share is None else _series(text.open_share, "open_share"),
            flap=text.flap,
            opens_above_m=text.opens_above_m,
            closes_below_m=text.closes_below_m,
        )
    )


def _given(text: CurveText | None) -> CurveText:
    assert text is not None
    return text


def _barrier(work: _Work, text: BarrierText) -> None:
    cells = work.site.along(text.line)
    work.forcings.append(Barrier(f"barrier {text.id}", cells, text.crest_m, text.stands_s))


def _inlet(work: _Work, text: InletText) -> None:
    inlet = Inlet(text.id, work.site.cell(text.at), text.perimeter_m, text.area_m2, text.blocked, node=text.node)
    work.inlets.append(inlet if text.most_m3s is None else replace(inlet, most_m3s=text.most_m3s))


def _blocked(work: _Work, text: BlockedText) -> None:
    if work.blocked:
        raise BadInput("a second share of blocked inlets", expected="one")
    work.blocked = text.share


def _soil(work: _Work, text: SoilText) -> None:
    if text.texture is not None:
        soil = soil_named(text.texture)
    else:
        own = (text.conductivity_mm_h or 0.0) / 3.6e6, (text.suction_mm or 0.0) / 1000, text.porosity or 0.0
        soil = Soil(*own, source=text.source)
    named = f"soil {text.id}"
    work.forcings.append(GreenAmpt(soil, saturation=text.saturation, pervious=text.pervious, name=named))


def _curve_number(work: _Work, text: CurveNumberText) -> None:
    if work.rain is None:
        raise BadInput("a curve number without rain", remedy="run it with rain, or leave the entry out")
    number = text.number
    if number is None:
        number = curve_number_named(text.cover or "", text.group or "")[0]
    work.forcings.append(CurveNumber(number, work.rain, name=f"soil {text.id}"))


_PLACE: dict[str, Callable[[_Work, Any], None]] = {
    "level": _level,
    "inflow": _inflow,
    "pump": _pump,
    "gate": _gate,
    "barrier": _barrier,
    "inlet": _inlet,
    "blocked_inlets": _blocked,
    "soil": _soil,
    "curve_number": _curve_number,
}
