"""What a live town keeps so that a restart finds it again: a record of every cycle, and now and then SUMO's state.

    FOLDER/town.txt             what town this is the journal of
    FOLDER/cycles/NOW.npz       what was heard, what was done to the anchor, how long streets took; whole or not there
    FOLDER/forecasts/NOW.npz    what was forecast
    FOLDER/states/ANCHOR.xml.gz SUMO's state of the anchor

A record is written when its cycle is over: a process that is killed in the middle of one has not lived through it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration.live.usual import Floats
from calibration.skill import Forecast
from models.sumo.change import Change
from models.sumo.kinds import as_values, from_values
from networks.errors import BadInput
from networks.landing import landing_file

Done = tuple[float, tuple[Change, ...]]
"""Simulation time, and the changes that were made to the anchor then."""
KEPT_STATES = 4


@dataclass(frozen=True)
class Record:
    """One cycle.

    Attributes:
        now_s: Its moment.
        anchor_s: Where the anchor stood afterwards.
        done: What was done to the anchor.
        said: What was heard, as `Heard.said`.
        taken_s: How long streets took, as `Ground.taken_s`.
        lead: What was forecast at the sensors, as `Leads.said`; None where no member was valid.
    """

    now_s: float
    anchor_s: float
    done: tuple[Done, ...]
    said: dict[int, tuple[Floats, Floats]]
    taken_s: dict[int, Floats]
    lead: Floats | None = None


class Journal:
    """The journal of one town.

    Args:
        folder: Made if it is not there.
        town: Everything that makes the town what it is.

    Raises:
        BadInput: The folder holds another town's journal.
    """

    def __init__(self, folder: Path, town: Sequence[object]) -> None:
        self.folder = folder
        self._cycles, self._states = folder / "cycles", folder / "states"
        self._states.mkdir(parents=True, exist_ok=True)
        name, place = digest(town), folder / "town.txt"
        if not place.is_file():
            with landing_file(place) as beside:
                beside.write_text(name + "\n", encoding="utf-8")
        elif place.read_text(encoding="utf-8").strip() != name:
            raise BadInput(
                "this folder holds the journal of another town, demand, sensors or seed", file=folder,
                remedy="give another folder, or the same town again",
            )  # fmt: skip

    def records(self) -> list[Record]:
        """All cycles that were lived through, in their order.

        Raises:
            BadInput: A record is damaged.
        """
        return [_read(file) for file in sorted(self._cycles.glob("*.npz"))]

    def write(self, record: Record) -> None:
        """Keep a cycle."""
        begins, taken = np.array(sorted(record.said)), np.array(sorted(record.taken_s))
        with landing_file(self._cycles / f"{record.now_s:09.0f}.npz") as beside, beside.open("wb") as out:
            np.savez_compressed(
                out, now_s=record.now_s, anchor_s=record.anchor_s, begins=begins, taken=taken,
                said=np.array([record.said[int(begin)] for begin in begins]),
                taken_s=np.array([record.taken_s[int(begin)] for begin in taken]),
                lead=np.zeros(0) if record.lead is None else record.lead,
                done=json.dumps([(time_s, list(map(as_values, changes))) for time_s, changes in record.done]),
            )  # fmt: skip

    def write_forecasts(self, now_s: float, forecasts: Sequence[Forecast]) -> None:
        """Keep what was forecast: for each quantity its places, members, begin and period."""
        told: dict[str, Any] = {"made_s": now_s}
        for one in forecasts:
            told[f"{one.quantity}_places"] = np.array(one.places)
            told[f"{one.quantity}_members"] = one.members.astype(np.float32)
            told[f"{one.quantity}_clock"] = np.array([one.begin_s, one.period_s])
        with landing_file(self.folder / "forecasts" / f"{now_s:09.0f}.npz") as beside, beside.open("wb") as out:
            np.savez_compressed(out, **told)

    def forecasts(self, now_s: float) -> tuple[Forecast, ...]:
        """What was forecast in a cycle; empty where nothing was kept of it.

        Raises:
            BadInput: The file is damaged.
        """
        file = self.folder / "forecasts" / f"{now_s:09.0f}.npz"
        try:
            with np.load(file) as told:
                names = [key.removesuffix("_members") for key in told.files if key.endswith("_members")]
                return tuple(
                    Forecast(
                        "twin", name, tuple(map(str, told[f"{name}_places"])), float(told["made_s"]),
                        float(told[f"{name}_clock"][0]), float(told[f"{name}_clock"][1]),
                        told[f"{name}_members"].astype(np.float64),
                    ) for name in names
                )  # fmt: skip
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise BadInput(f"forecasts cannot be read: {error}", file=file, remedy="move the file away") from error

    def forget(self, before_s: float) -> None:
        """Forecasts of cycles before a moment go; what a restart needs stays."""
        for file in (self.folder / "forecasts").glob("[0-9]*.npz"):
            if float(file.stem) < before_s:
                file.unlink(missing_ok=True)

    def state_file(self, anchor_s: float) -> Path:
        """Where SUMO's state of a moment belongs."""
        return self._states / f"{anchor_s:09.0f}.xml.gz"

    def state(self, until_s: float) -> tuple[float, Path] | None:
        """The newest state that is not after a moment, and its own moment."""
        found = [
            (float(file.name.removesuffix(".xml.gz")), file) for file in sorted(self._states.glob("[0-9]*.xml.gz"))
        ]
        return max((one for one in found if one[0] <= until_s), default=None)

    def let_go(self) -> None:
        """Only the newest states stay."""
        for file in sorted(self._states.glob("[0-9]*.xml.gz"))[:-KEPT_STATES]:
            file.unlink(missing_ok=True)


def digest(town: Sequence[object]) -> str:
    """A name for everything that a town is made of: arrays by their bytes, files by what is in them."""
    told = hashlib.sha256()
    for part in town:
        if isinstance(part, np.ndarray):
            told.update(np.ascontiguousarray(part).tobytes())
        elif isinstance(part, Path):
            told.update(part.read_bytes())
        else:
            told.update(repr(part).encode())
    return told.hexdigest()


def _read(file: Path) -> Record:
    try:
        with np.load(file) as told:
            done = json.loads(str(told["done"]))
            said = {int(begin): (pair[0], pair[1]) for begin, pair in zip(told["begins"], told["said"], strict=True)}
            taken_s = {int(begin): one for begin, one in zip(told["taken"], told["taken_s"], strict=True)}
            return Record(
                float(told["now_s"]), float(told["anchor_s"]),
                tuple((float(time_s), tuple(map(from_values, changes))) for time_s, changes in done), said, taken_s,
                told["lead"] if told["lead"].size else None,
            )  # fmt: skip
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise BadInput(
            f"the record of a cycle cannot be read: {error}", file=file, remedy="move it and all later ones away"
        ) from error
