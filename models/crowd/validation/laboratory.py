"""Laboratory runs: people who walked under cameras through a bottleneck, a corner or a corridor.

Data: PedPy's demonstration and reference data, CC BY 4.0, from the archive ped.fz-juelich.de. `narrow` is a run of
"Crowds in front of bottlenecks from the perspective of physics and social psychology" (Adrian, Seyfried and Sieben
2020, doi:10.1098/rsif.2019.0871; its walls from memory of PedPy's documentation, and nobody in the data walks through
them); `wide` (2009_AO_300) and `corner` have their walls from PedPy's `geo.xml`; `corridor` (UNI_CORR_500_01) has walls
at its nominal 5 m.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from shapely import contains_xy
from shapely.geometry import Polygon, box

from models.crowd.hotspot.area import Door
from models.crowd.hotspot.density import density_and_speed
from models.crowd.hotspot.spot import HotSpot
from models.crowd.hotspot.tracks import Tracks
from models.crowd.hotspot.walking import Walking
from models.streams import stream
from networks import BadInput

FOLDER = "crowd/pedpy"
STUDENTS_MPS = (1.55, 0.18)
"""Mean and standard deviation of the free speed of the test persons of 2009 (m/s), of whom the runs at 16 frames a
second and the corridor are taken to be. Zhang, Klingsch, Schadschneider and Seyfried 2011,
doi:10.1088/1742-5468/2011/06/P06004; secondary source: quotations of it (42 people measured), not its text."""
Line = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Run:
    """One run in the laboratory.

    Attributes:
        name, file: What it is called, and its file in `FOLDER`.
        frames_ps: Frames a second.
        area: Where people may walk (m).
        line: Where flow is counted (m).
        field: Where density and speed are taken.
        way_in, way_out: Doors by which people come and go.
        speed_mps, scatter_mps: Mean and standard deviation of the speeds that its people want to walk at (m/s), not
            fitted: Weidmann's (1993), or `STUDENTS_MPS`.
    """

    name: str
    file: str
    frames_ps: float
    area: Polygon
    line: Line
    field: Polygon
    way_in: Line
    way_out: Line
    speed_mps: float = 1.34
    scatter_mps: float = 0.26

    @property
    def width_m(self) -> float:
        """Width of the line (m)."""
        return float(np.hypot(*np.subtract(*self.line)))


@dataclass(frozen=True)
class Figures:
    """What a run comes to while its flow is steady, from 15 to 90 % of those who cross the line.

    Attributes:
        people: How many cross the line.
        flow_pms: Flow (persons/m/s).
        flow_least_pms, flow_most_pms: The least and the largest of six blocks of equally many people: its scatter.
        density_pm2, speed_mps: Means on the field.
        density_scatter_pm2, speed_scatter_mps: Their standard deviations over seconds.
    """

    people: int
    flow_pms: float
    flow_least_pms: float
    flow_most_pms: float
    density_pm2: float
    speed_mps: float
    density_scatter_pm2: float
    speed_scatter_mps: float


_NARROW = (
    (-2.8, 0), (-0.4, 0), (-0.25, -0.15), (-0.25, -1.1), (-2.8, -1.1), (-2.8, -2.5), (2.8, -2.5), (2.8, -1.1),
    (0.25, -1.1), (0.25, -0.15), (0.4, 0), (2.8, 0), (2.8, 8), (-2.8, 8),
)  # fmt: skip
_WIDE = (
    (4, 6.25), (4, 0.53), (2.4, 0.53), (2.4, -0.53), (4, -0.53), (4, -8), (-2.25, -8), (-2.25, -0.53), (-0.6, -0.53),
    (-0.6, 0.53), (-2.25, 0.53), (-2.25, 6.25),
)  # fmt: skip
_CORNER = ((-3, 5), (0, 5), (0, 0), (5, 0), (5, -3), (-3, -3))

RUNS: dict[str, Run] = {
    run.name: run
    for run in (
        Run(
            "narrow", "040_c_56_h-.txt", 25.0, Polygon(_NARROW), ((-0.25, -0.3), (0.25, -0.3)),
            box(-0.6, 0.3, 0.6, 1.5), ((-2.8, 8), (2.8, 8)), ((-2.8, -2.5), (2.8, -2.5)),
        ),
        Run(
            "wide", "bottleneck_ref_traj.txt", 16.0, Polygon(_WIDE), ((-0.6, 0), (2.4, 0)),
            box(-0.6, -3, 2.4, -1), ((-2.25, -8), (4, -8)), ((-2.25, 6.25), (4, 6.25)), *STUDENTS_MPS,
        ),
        Run(
            "corner", "corner_traj.txt", 16.0, Polygon(_CORNER), ((-3, 0), (0, 0)),
            box(-3, -3, 0, 0), ((5, -3), (5, 0)), ((-3, 5), (0, 5)), *STUDENTS_MPS,
        ),
        Run(
            "corridor", "traj_UNI_CORR_500_01.txt", 25.0, box(-6, 0, 5, 5), ((0, 0), (0, 5)),
            box(-1.5, 0, 1.5, 5), ((5, 0), (5, 5)), ((-6, 0), (-6, 5)), *STUDENTS_MPS,
        ),
    )
}  # fmt: skip
"""The runs that there are, by name."""


def read_run(run: Run, data: Path) -> Tracks:
    """Read a run's positions; those beyond its walls (a swaying head) are left out.

    Raises:
        BadInput: A file that is not there, or is no table of person, frame, x, y.
    """
    file = data / FOLDER / run.file
    if not file.is_file():
        raise BadInput(
            "there is no such run",
            file=file,
            expected="trajectories of the archive ped.fz-juelich.de",
            remedy="name the folder that holds crowd/pedpy with --data",
        )
    try:
        table = np.loadtxt(file, comments="#", usecols=(0, 1, 2, 3), ndmin=2)
    except (ValueError, IndexError) as error:
        raise BadInput(f"not a table of numbers ({error})", file=file, expected="person, frame, x, y in m") from error
    table = table[contains_xy(run.area, table[:, 2], table[:, 3])]
    frame = table[:, 1].astype(np.int64)
    return Tracks(frame - frame.min(), table[:, 0].astype(np.int64), table[:, 2:4], 1 / run.frames_ps)


def measure(tracks: Tracks, run: Run) -> Figures:
    """Flow over the line, density and speed on the field, while the flow is steady.

    Raises:
        BadInput: Fewer than 20 people cross the line.
    """
    when = tracks.crossings_s(*run.line)
    if len(when) < 20:
        raise BadInput(f"{len(when)} people cross the line", place=f"run {run.name}", expected="at least 20")
    ends = np.linspace(0.15 * len(when), 0.9 * len(when), 7).astype(int)
    blocks = np.diff(ends) / np.diff(when[ends]) / run.width_m
    rows = density_and_speed(tracks, run.area, run.field, every_s=1.0)
    steady = rows[(rows[:, 0] > when[ends[0]]) & (rows[:, 0] < when[ends[-1]])]
    return Figures(
        len(when),
        float((ends[-1] - ends[0]) / (when[ends[-1]] - when[ends[0]]) / run.width_m),
        float(blocks.min()),
        float(blocks.max()),
        float(steady[:, 1].mean()),
        float(np.nanmean(steady[:, 2])),
        float(steady[:, 1].std()),
        float(np.nanstd(steady[:, 2])),
    )


def simulate(run: Run, seen: Tracks, walking: Walking, *, seed: int = 1) -> Tracks:
    """The run again in the model: the same walls, and the same people come into view at the same time.

    Args:
        run: Walls, doors, and how fast its people want to walk.
        seen: The laboratory's tracks: where people are when they are first seen. Nothing later is used.
        walking: How people walk.
        seed: Of the draws.
    """
    order = np.lexsort((seen.frame, seen.person))
    first = order[np.r_[True, np.diff(seen.person[order]) != 0]]
    first = first[np.argsort(seen.frame[first], kind="stable")]
    speeds = stream(seed, "laboratory speeds").normal(run.speed_mps, run.scatter_mps, len(first)).clip(0.5, 2.2)
    doors = [Door("in", run.way_in), Door("out", run.way_out)]
    with HotSpot(run.area, (), doors, walking=walking, seed=seed, every_s=0.2) as spot:
        late: list[tuple[float, float]] = []
        for row, speed in zip(first, speeds.tolist(), strict=True):
            x, y = seen.xy_m[row]
            if seen.frame[row] > 0 or spot.put(float(x), float(y), "out", speed) is None:
                late.append((float(seen.frame[row] * seen.every_s), speed))
        _let_in(spot, late)
        return spot.tracks()


def _let_in(spot: HotSpot, late: Sequence[tuple[float, float]]) -> None:
    """Let people in when they are due, and go on until everybody is out, at most for five minutes."""
    coming = 0
    while spot.now_s < 300 and (coming < len(late) or spot.still_there() or spot.waiting("in")):
        due = coming
        while due < len(late) and late[due][0] <= spot.now_s + 1e-9:
            due += 1
        spot.enter("in", "out", [speed for _, speed in late[coming:due]])
        coming = due
        spot.advance(spot.now_s + spot.every_s)
