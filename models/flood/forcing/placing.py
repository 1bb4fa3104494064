"""A file's structures on a terrain: what `simulate_flood` is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from models.flood.constants import LAND
from models.flood.forcing.barrier import Barrier
from models.flood.forcing.curve_number import CurveNumber
from models.flood.forcing.gate import Gate, Opening
from models.flood.forcing.green_ampt import GreenAmpt
from models.flood.forcing.inlets import Inlet, Inlets, block_some
from models.flood.forcing.levels import LevelBoundary, sea_as_level, side_cells
from models.flood.forcing.pipes import PipeNetwork
from models.flood.forcing.placed import Placed
from models.flood.forcing.pump import Pump
from models.flood.forcing.series import Series, constant
from models.flood.forcing.site import Site
from models.flood.forcing.soils import Soil, curve_number_named, soil_named
from models.flood.forcing.structure_text import (
    BarrierText,
    BlockedText,
    CurveNumberText,
    CurveText,
    EntryText,
    GateText,
    InflowText,
    InletText,
    LevelText,
    ManholeText,
    PipesText,
    PumpText,
    SoilText,
)
from models.flood.forcing.structures import Structures
from models.flood.inflow import Inflow
from models.flood.rain import Rain
from models.flood.surface.water import Forcing
from networks.errors import BadInput


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
        with _at_line(structures, entry, line):
            _PLACE[entry.kind](work, entry)
    inlets = block_some(work.inlets, work.blocked, seed) if work.blocked else tuple(work.inlets)
    pipes = None
    for entry, line in zip(structures.entries, structures.lines, strict=True):
        if isinstance(entry, PipesText):
            with _at_line(structures, entry, line):
                pipes = _pipes(work, entry, structures.file.parent, [one for one in inlets if one.node])
    free = [one for one in inlets if not (pipes and one.node)]
    drains: list[Forcing] = [Inlets(free)] if free else []
    drains += [pipes] if pipes else []
    return Placed((*work.forcings, *drains), tuple(work.inflows), work.surface, work.depth, inlets, pipes)


@contextmanager
def _at_line(structures: Structures, entry: EntryText, line: int) -> Iterator[None]:
    """Tell what is wrong with an entry with its file and line."""
    try:
        yield
    except BadInput as error:
        raise BadInput(
            f"{entry.kind} {entry.id}: {error.what}",
            file=structures.file if error.file is None else f"{structures.file} -> {error.file}",
            place=f"line {line}" if error.file is None or not error.place else error.place,
            expected=error.expected,
            remedy=error.remedy,
        ) from error


class _Work:
    """What has been placed so far."""

    def __init__(self, site: Site, rain: Rain | None) -> None:
        self.site, self.rain = site, rain
        self.surface, self.depth = np.asarray(site.surface), np.zeros(site.surface.shape)
        self.forcings: list[Forcing] = []
        self.inflows: list[Inflow] = []
        self.inlets: list[Inlet] = []
        self.blocked = 0.0
        self.manholes: dict[str, int] = {}
        self.piped = False


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


def _expected_pipes(work: _Work, text: PipesText) -> None:  # noqa: ARG001
    """Pipes need all inlets and manholes, so they are placed last."""
    if work.piped:
        raise BadInput("second pipes", expected="one SWMM file")
    work.piped = True


def _pipes(work: _Work, text: PipesText, folder: Path, inlets: Sequence[Inlet]) -> PipeNetwork:
    named = f"pipes {text.id}"
    return PipeNetwork(folder / text.file, inlets, manholes=work.manholes, exchange_s=text.exchange_s, name=named)


def _manhole(work: _Work, text: ManholeText) -> None:
    work.manholes[text.id] = work.site.cell(text.at)


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
    pervious = np.where(work.site.surface == LAND, text.pervious, 0.0)
    work.forcings.append(GreenAmpt(soil, saturation=text.saturation, pervious=pervious, name=named))


def _curve_number(work: _Work, text: CurveNumberText) -> None:
    if work.rain is None:
        raise BadInput("a curve number without rain", remedy="run it with rain, or leave the entry out")
    number = text.number
    if number is None:
        number = curve_number_named(text.cover or "", text.group or "")[0]
    sealed = np.where(work.site.surface == LAND, number, 100.0)
    work.forcings.append(CurveNumber(sealed, work.rain, name=f"soil {text.id}"))


_PLACE: dict[str, Callable[[_Work, Any], None]] = {
    "level": _level,
    "inflow": _inflow,
    "pump": _pump,
    "gate": _gate,
    "barrier": _barrier,
    "inlet": _inlet,
    "pipes": _expected_pipes,
    "manhole": _manhole,
    "blocked_inlets": _blocked,
    "soil": _soil,
    "curve_number": _curve_number,
}
