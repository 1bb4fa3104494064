"""A run that is recorded closely: every change of signals, who passes a detector when, where each vehicle is."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo.additionals import redirect
from models.sumo.case import SumoCase
from models.sumo.native import run_native

if TYPE_CHECKING:
    import pandas as pd

_STATES, _PASSED, _TRACKS, _EDGES = "signals.xml", "passed.xml", "tracks.parquet", "tracked.txt"
_ASKED = "recording.add.xml"


@dataclass(frozen=True)
class Loop:
    """A detector on a lane.

    Attributes:
        loop_id: Its id.
        lane_id: SUMO's lane.
        pos_m: From the lane's begin; negative from its end.
    """

    loop_id: str
    lane_id: str
    pos_m: float


@dataclass(frozen=True)
class Recording:
    """What was recorded; times are the simulation's seconds.

    Attributes:
        states: time_s, tls_id, state: one row whenever a signal shows something else, and one at the begin.
        passed: time_s, loop_id, on (whether a vehicle came onto it or left it), vehicle_id.
        tracks: time_s, vehicle_id, lane_id, pos_m, speed_mps of every vehicle on the edges asked for, each step.
        begin_s, end_s: What was simulated.
    """

    states: pd.DataFrame
    passed: pd.DataFrame
    tracks: pd.DataFrame
    begin_s: float
    end_s: float


def record(
    case: SumoCase,
    seed: int,
    folder: Path,
    *,
    signals: Collection[str],
    loops: Sequence[Loop] = (),
    edges: Collection[str] = (),
    from_s: float | None = None,
    end_s: float | None = None,
    plans: Path | None = None,
) -> Recording:
    """Run a case once by the `sumo` binary, microscopic, and give what the recorders wrote.

    Args:
        case: What to run.
        seed: SUMO's seed.
        folder: For what SUMO writes; made if need be.
        signals: Signals whose states are recorded.
        loops: Detectors that are laid for the recording; they change nothing.
        edges: Edges whose vehicles are tracked; none tracks nobody.
        from_s: Vehicles are tracked from here on; None from the begin.
        end_s: End instead of the case's.
        plans: Additional file with plans that run instead of the network's.

    Raises:
        EngineFailed: SUMO stopped; its own words are in the message.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    own = [plans] if plans is not None else []
    files = [*redirect(case.additionals, folder, {}, 60.0).files, *own, lay_recorders(folder, signals, loops)]
    extra = ["--additional-files", ",".join(map(str, files))]
    if edges:
        (folder / _EDGES).write_text("".join(f"edge:{edge}\n" for edge in sorted(edges)), encoding="utf-8")
        extra += ["--fcd-output", _TRACKS, "--fcd-output.attributes", "lane,pos,speed"]
        extra += ["--fcd-output.filter-edges.input-file", str(folder / _EDGES)]
        extra += ["--device.fcd.begin", f"{case.begin_s if from_s is None else from_s:g}"]
    run_native(case, seed, folder, tables=(), extra=extra, end_s=end_s)
    ended = case.end_s if end_s is None else end_s
    states, passed = read_recorders(folder)
    return Recording(
        states,
        passed,
        _tracks(folder / _TRACKS),
        case.begin_s,
        float(states["time_s"].max()) if ended is None and len(states) else float(ended or case.begin_s),
    )


def lay_recorders(folder: Path, signals: Collection[str], loops: Sequence[Loop]) -> Path:
    """Write the additional file that records signals and detectors in `folder` (absolute), and give it."""
    root = ET.Element("additional")
    for tls in sorted(signals):
        ET.SubElement(root, "timedEvent", type="SaveTLSStates", source=tls, dest=str(folder / _STATES))
    for loop in loops:
        words = {"id": loop.loop_id, "lane": loop.lane_id, "pos": f"{loop.pos_m:g}", "friendlyPos": "true"}
        ET.SubElement(root, "instantInductionLoop", words, file=str(folder / _PASSED))
    ET.ElementTree(root).write(folder / _ASKED, encoding="utf-8", xml_declaration=True)
    return folder / _ASKED


def read_recorders(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The `states` and `passed` of a `Recording`, from the folder of `lay_recorders`, after the run."""
    return _states(folder / _STATES), _passed(folder / _PASSED)


def _states(file: Path) -> pd.DataFrame:
    import pandas as pd

    rows, last = [], dict[str, str]()
    for row in _rows(file, "tlsState"):
        if last.get(row["id"]) != row["state"]:
            last[row["id"]] = row["state"]
            rows.append((float(row["time"]), row["id"], row["state"]))
    return pd.DataFrame(rows, columns=["time_s", "tls_id", "state"])


def _passed(file: Path) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (float(row["time"]), row["id"], row["state"] == "enter", row["vehID"])
        for row in _rows(file, "instantOut")
        if row["state"] in ("enter", "leave")
    ]
    return pd.DataFrame(rows, columns=["time_s", "loop_id", "on", "vehicle_id"])


def _tracks(file: Path) -> pd.DataFrame:
    import pandas as pd

    names = {"timestep_time": "time_s", "vehicle_id": "vehicle_id", "vehicle_lane": "lane_id", "vehicle_pos": "pos_m"}
    names["vehicle_speed"] = "speed_mps"
    if not file.is_file():
        return pd.DataFrame({name: [] for name in names.values()})
    table = pd.read_parquet(file).rename(columns=names)[list(names.values())]
    return table[table["vehicle_id"].notna()].reset_index(drop=True)


def _rows(file: Path, tag: str) -> list[dict[str, str]]:
    """The attributes of every element of a kind, in the file's order; none when nothing was written."""
    if not file.is_file():
        return []
    return [dict(element.attrib) for _, element in ET.iterparse(file) if element.tag == tag]
