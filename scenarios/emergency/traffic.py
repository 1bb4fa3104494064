"""What traffic makes of the roads: the times of a static assignment, or of a simulated run in slices of 5 minutes."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats
from networks import Sentence, say
from networks.errors import BadInput, NotThere
from scenarios.members.forecast_run import SLICE_S, SLOWEST_MPS, mean_speeds
from scenarios.planning.writing import MADE_BY
from scenarios.results.run import Run

if TYPE_CHECKING:
    from networks import City


@dataclass(frozen=True)
class Traffic:
    """What others need for every road edge (`Vehicle.edge_s` says what a class needs of that).

    Attributes:
        times_s: (slices,) s after the begin at which each slice begins, the first 0; the last holds on.
        edge_s: (slices, edges) s to pass an edge, free flow where nobody drove.
        shut: (slices, edges) closed to all in some part of the slice.
        holds_waits: Waits at lights are in these times; turns must not cost them once more.
        told: Where they come from.
        begin: When the first slice begins, where that is known.
    """

    times_s: Floats
    edge_s: Floats
    shut: np.ndarray
    holds_waits: bool
    told: Sentence
    begin: datetime | None = None

    def ahead_s(self, begin: datetime | None) -> float:
        """By how many seconds a run that begins at `begin` begins after this; 0 where either is not dated.

        A moment without a zone is read on the other's clock.
        """
        if begin is None or self.begin is None:
            return 0.0
        zone = self.begin.tzinfo or begin.tzinfo
        first, second = (one if one.tzinfo else one.replace(tzinfo=zone) for one in (self.begin, begin))
        return (second - first).total_seconds()


def read_traffic(folder: Path, city: City) -> Traffic:
    """Edge times of a folder that `twin assign` wrote (one hour, held), or of a run's folder (5-minute slices).

    Raises:
        BadInput: It is neither, or is of another city.
    """
    if (folder / "summary.json").exists():
        return _assigned(folder, city)
    try:
        run = Run.open(folder)
        table = run.table("edges")
    except (NotThere, BadInput, OSError, KeyError, ValueError) as error:
        raise BadInput(
            "no traffic can be read from it",
            file=folder,
            expected="a folder that twin assign wrote, or a run's folder with a table edges",
            remedy=f"make one: twin assign {city.folder} --out DIR",
        ) from error
    length_m = city.layer("edges")["length_m"].to_numpy(dtype=float)
    free_mps = city.layer("edges")["speed_mps"].to_numpy(dtype=float)
    index = _index(city, table["edge_id"].unique().tolist(), folder)
    slices = np.arange(0.0, float(run.manifest["end_s"]), SLICE_S)
    speed = mean_speeds(city, [run], slices, free_mps)
    shut = np.zeros(speed.shape, dtype=bool)
    closed = table[table["closed"].to_numpy(dtype=bool)]
    row = np.clip((closed["time_s"] / SLICE_S).astype(int), 0, len(slices) - 1).to_numpy()
    shut[row, closed["edge_id"].map(index).to_numpy(dtype=int)] = True
    times = length_m[None, :] / np.maximum(speed, SLOWEST_MPS)
    return Traffic(
        slices, times, shut, True,
        say(
            f"traffic: simulated ({folder.name}, seed {run.seed}), in {len(slices)} slices of {SLICE_S / 60:.0f} min; "
            "the last holds on; waits at lights are in its times",
            f"交通：仿真结果（{folder.name}，种子{run.seed}），{SLICE_S / 60:.0f}分钟一段，共{len(slices)}段，"
            "末段沿用；行程时间已含信号等待",
        ),
        datetime.fromisoformat(run.manifest["start"]) if run.manifest.get("start") else None,
    )  # fmt: skip


def _assigned(folder: Path, city: City) -> Traffic:
    try:
        about = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        if about["made_by"] != MADE_BY:
            raise ValueError(f"made by {about['made_by']!r}")
        rows = list(csv.DictReader((folder / "edges.csv").read_text(encoding="utf-8").splitlines()))
        times = {row["edge_id"]: float(row["time_s"]) for row in rows}
        digest = about["city"]["digest"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = f"make one: twin assign {city.folder} --out DIR"
        raise BadInput(f"no readable assignment: {error}", file=folder, remedy=remedy) from error
    if digest != city.digest:
        raise BadInput(
            f"the assignment is of another {about['city']['name']} than this one", file=folder,
            remedy=f"assign again: twin assign {city.folder} --out DIR",
        )  # fmt: skip
    index, edges = _index(city, list(times), folder), city.layer("edges")
    free = edges["length_m"].to_numpy(dtype=float) / edges["speed_mps"].to_numpy(dtype=float)
    free[[index[edge] for edge in times]] = list(times.values())
    return Traffic(
        np.zeros(1), free[None, :], np.zeros((1, len(free)), dtype=bool), False,
        say(
            f"traffic: the assigned hour of {folder.name} at all times; waits at lights by the signal plans",
            f"交通：全程采用{folder.name}的分配小时；信号等待按配时方案计",
        ),
    )  # fmt: skip


def _index(city: City, asked: list[str], folder: Path) -> dict[str, int]:
    index = {edge: i for i, edge in enumerate(city.layer("edges")["edge_id"].tolist())}
    odd = [edge for edge in asked if edge not in index]
    if odd:
        raise BadInput(f"{city.name} has no road edge {odd[0]}", file=folder, remedy="take traffic of this very city")
    return index
