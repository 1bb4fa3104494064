"""One judged run, watched more closely: its approaches, modes and queues, and what a controller would have logged."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo import Loop
from models.sumo.recording import lay_recorders, read_recorders
from scenarios.signals.trying.modes import mode_of
from scenarios.signals.trying.queues import queue_detectors, read_queues
from scenarios.signals.trying.trials import EDGES, TRIPS, Job, Outcome, run_in

if TYPE_CHECKING:
    import pandas as pd

_ITEM = re.compile(r' ([\w-]+)="([^"]*)"')
_ROW = {tag: re.compile(rf"<{tag}( [^>]*)>") for tag in ("tripinfo", "personinfo", "edge")}
_WALKS = "walks.xml"


@dataclass(frozen=True)
class Watched:
    """A run to be watched.

    Attributes:
        job: The run.
        lanes: Approach lanes whose queues are measured, with their lengths in m.
        modes: Mode of each vehicle type.
        signals: Whose states are recorded; with `loops`, in few runs only.
        loops: Detectors that are laid; they change nothing.
    """

    job: Job
    lanes: Mapping[str, float]
    modes: dict[str, str]
    signals: tuple[str, ...] = ()
    loops: tuple[Loop, ...] = ()


@dataclass(frozen=True)
class Observed:
    """What was seen.

    Attributes:
        outcome: As of any run.
        edges: Edge -> (vehicles that came onto it, vehicle-seconds lost there with the wait to enter).
        modes: Mode -> (travellers, seconds lost by them together).
        queues: Lane -> (longest queue in m, share of the minutes in which it filled the lane).
        recorded: States and passages, see models.sumo.Recording; None where nothing was recorded.
    """

    outcome: Outcome
    edges: Mapping[str, tuple[int, float]]
    modes: Mapping[str, tuple[int, float]]
    queues: Mapping[str, tuple[float, float]]
    recorded: tuple[pd.DataFrame, pd.DataFrame] | None = field(default=None, repr=False)


def observe(watched: Watched) -> Observed:
    """Run it here, in a folder of its own.

    Raises:
        EngineFailed: SUMO stopped.
    """
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        folder = Path(scratch)
        files = [*filter(None, [watched.job.options.get("additional-files")]), str(_queue_file(watched, folder))]
        if watched.signals:
            files.append(str(lay_recorders(folder, watched.signals, watched.loops)))
        options = {**watched.job.options, "additional-files": ",".join(files)}
        outcome = run_in(replace(watched.job, options=options), folder)
        trips = (folder / TRIPS).read_text(encoding="utf-8")
        return Observed(
            outcome,
            _edges((folder / EDGES).read_text(encoding="utf-8"), outcome.delays.waited_s),
            _modes(trips, (folder / _WALKS).read_text(encoding="utf-8"), watched.modes),
            read_queues(folder / "queues.xml", watched.lanes),
            read_recorders(folder) if watched.signals else None,
        )


def _queue_file(watched: Watched, folder: Path) -> Path:
    file = folder / "queues.add.xml"
    told = queue_detectors(watched.lanes, folder / "queues.xml", name="queue")
    told += (
        f'<edgeData id="walks" file="{folder / _WALKS}" excludeEmpty="true" detectPersons="walk" withInternal="true"/>'
    )
    file.write_text(f"<additional>\n{told}</additional>\n", encoding="utf-8")
    return file


def _edges(text: str, waited_s: Mapping[str, float]) -> dict[str, tuple[int, float]]:
    found = {}
    for row in _ROW["edge"].findall(text):
        told = dict(_ITEM.findall(row))
        vehicles = int(told.get("entered", 0)) + int(told.get("departed", 0))
        found[told["id"]] = (vehicles, float(told.get("timeLoss", 0.0)) + waited_s.get(told["id"], 0.0))
    return found


def _modes(text: str, walks: str, modes: dict[str, str]) -> dict[str, tuple[int, float]]:
    """Vehicles: time lost and the wait to enter; people: time lost on foot, on the way or there."""
    found: dict[str, tuple[int, float]] = {}
    for row in _ROW["tripinfo"].findall(text):
        told = dict(_ITEM.findall(row))
        lost = float(told["departDelay"]) + (float(told["timeLoss"]) if float(told["depart"]) >= 0 else 0.0)
        _add(found, mode_of(told.get("vType", ""), modes), lost)
    if people := len(_ROW["personinfo"].findall(text)):
        rows = (dict(_ITEM.findall(row)) for row in _ROW["edge"].findall(walks))
        found["pedestrian"] = (people, sum(float(told.get("timeLoss", 0.0)) for told in rows))
    return found


def _add(found: dict[str, tuple[int, float]], mode: str, lost_s: float) -> None:
    count, total = found.get(mode, (0, 0.0))
    found[mode] = (count + 1, total + lost_s)
