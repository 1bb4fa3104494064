"""Which numbers a controller logs under: its phases, and its detectors with the place that each has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from networks import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from networks import Controller, Layout

Role = Literal["advance", "stop_bar"]
ADVANCE_S, ZONE_M, MARGIN_M = 5.0, 12.0, 2.0
"""Detectors laid in a simulation: 5 s of travel before the stop line, and a zone of 12 m that ends 2 m before it."""
COLUMNS = ("controller", "channel", "phase", "role", "distance_m", "speed_mps")


@dataclass(frozen=True)
class Detector:
    """A detector of one lane.

    Attributes:
        controller: Its controller.
        channel: The number that it logs under.
        phase: The phase that it serves.
        role: `advance` (arrivals) or `stop_bar` (who stands and who leaves).
        distance_m: From the stop line to its far edge.
        speed_mps: Speed of arrival, for the time from an advance detector to the stop line.
        lane_id: SUMO's lane, "" in the field.
    """

    controller: str
    channel: int
    phase: int
    role: Role
    distance_m: float
    speed_mps: float
    lane_id: str = ""

    @property
    def lag_s(self) -> float:
        """Travel time to the stop line of who is not stopped."""
        return self.distance_m / self.speed_mps


@dataclass(frozen=True)
class Channels:
    """The numbers of one controller.

    Attributes:
        controller: Its id.
        phases: Number -> (name, links): the lamps that the phase's traffic obeys.
        detectors: Its detectors.
    """

    controller: str
    phases: Mapping[int, tuple[str, tuple[int, ...]]]
    detectors: tuple[Detector, ...]


def lay_channels(layout: Layout, controller: Controller, lengths_m: Mapping[str, float]) -> Channels:
    """Numbers for a simulated controller: each group of vehicles is a phase, each of its lanes has two detectors.

    Channel = 100 x phase + 2 x (number of the lane) for the stop line, one more for the advance detector.

    Args:
        layout: The signal's ground.
        controller: Its groups.
        lengths_m: Length of each lane. A lane too short for a detector has none.
    """
    vehicles = [group for group in controller.groups if group.links and group.kind != "pedestrian"]
    phases = {number: (group.name, group.links) for number, group in enumerate(vehicles, 1)}
    detectors: list[Detector] = []
    for number, (_, links) in phases.items():
        own = [m for m in layout.movements if m.index in links]
        lanes = {f"{m.from_edge}_{m.from_lane}": max(m.speed_mps, 1.0) for m in own}
        for n, (lane, speed) in enumerate(sorted(lanes.items())):
            room, channel = lengths_m.get(lane, 0.0), 100 * number + 2 * n
            if room >= ZONE_M + 2 * MARGIN_M:
                far = ZONE_M + MARGIN_M
                detectors.append(Detector(layout.tls_id, channel, number, "stop_bar", far, speed, lane))
            if room >= 2 * (ZONE_M + MARGIN_M):
                far = min(ADVANCE_S * speed, room - MARGIN_M)
                detectors.append(Detector(layout.tls_id, channel + 1, number, "advance", far, speed, lane))
    return Channels(layout.tls_id, phases, tuple(detectors))


def read_detectors(file: Path) -> tuple[Detector, ...]:
    """Detectors of the field from a CSV file with the columns of COLUMNS.

    Raises:
        BadInput: A column is missing, a value is no number, or a role is unknown; the line is named.
    """
    import csv

    if not file.is_file():
        raise BadInput("there is no such file", file=file, expected=f"a CSV file with {', '.join(COLUMNS)}")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise BadInput(f"it has no column {missing[0]}", file=file, expected=", ".join(COLUMNS))
        return tuple(_detector(row, file, number) for number, row in enumerate(rows, 2))


def _detector(row: Mapping[str, str], file: Path, number: int) -> Detector:
    try:
        one = Detector(
            row["controller"], int(row["channel"]), int(row["phase"]), row["role"],  # type: ignore[arg-type]
            float(row["distance_m"]), float(row["speed_mps"]),
        )  # fmt: skip
    except (TypeError, ValueError) as error:
        raise BadInput(str(error), file=file, place=f"line {number}", expected="numbers") from error
    if one.role not in ("advance", "stop_bar") or one.speed_mps <= 0:
        raise BadInput(
            f"role {one.role!r}, speed {one.speed_mps:g}", file=file, place=f"line {number}",
            expected="role advance or stop_bar, a speed above 0",
        )  # fmt: skip
    return one


def detector_table(detectors: tuple[Detector, ...]) -> pd.DataFrame:
    """Detectors as a table with the columns of COLUMNS, such as `read_detectors` reads."""
    import pandas as pd

    return pd.DataFrame([[getattr(one, name) for name in COLUMNS] for one in detectors], columns=list(COLUMNS))
