"""What a flood run gives: depths and speeds in time, and a ledger in which every cubic metre is booked."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from models.flood.constants import GRAVITY
from networks.digest import digest_arrays
from networks.errors import BadInput
from networks.landing import landing_folder

FORMAT = "citytwin-flood-1"
FAST = 0.8
"""Froude number above which local inertia, which leaves out advection, should not be trusted: this project's own limit;
how far the scheme departs from the full equations is studied by de Almeida & Bates 2013 (doi:10.1002/wrcr.20366)."""


@dataclass(frozen=True)
class Ledger:
    """Where the water came from and where it is, in m3.

    Attributes:
        initial_m3: Stood there at the begin.
        rain_m3: Fell on land and roofs; rain on the sea is left out.
        inflow_m3: Came in at inflows.
        infiltration_m3: Went into the soil.
        drains_m3: Went into the drains.
        boundary_m3: Left through the border or into the sea.
        storage_m3: Stands there at the end.
        booked_m3: What others added or, negative, took in between, each under its own name (`Water.add`, `.take`).
    """

    initial_m3: float
    rain_m3: float
    inflow_m3: float
    infiltration_m3: float
    drains_m3: float
    boundary_m3: float
    storage_m3: float
    booked_m3: dict[str, float] = field(default_factory=dict)

    def amounts(self) -> dict[str, float]:
        """Every entry by its name (m3)."""
        own = asdict(self)
        return own.pop("booked_m3") | own

    @property
    def error(self) -> float:
        """What is not accounted for, as a share of all the water that was there or came in (at least a litre)."""
        booked = self.booked_m3.values()
        came = self.initial_m3 + self.rain_m3 + self.inflow_m3 + sum(amount for amount in booked if amount > 0)
        went = self.infiltration_m3 + self.drains_m3 + self.boundary_m3 + self.storage_m3
        went -= sum(amount for amount in booked if amount < 0)
        return abs(came - went) / max(came, 1e-3)


@dataclass(frozen=True)
class FloodResult:
    """A flood in time.

    Attributes:
        times_s: (t,) seconds since the begin, the first 0.
        depth_m: (t, rows, cols) float32, row 0 north; 0 in buildings and in the sea.
        speed_mps: (t, rows, cols) float32, size of the mean velocity; 0 where less than 1 mm stands.
        cell_m: Size of a cell.
        ledger: Every cubic metre.
        steps: Time steps that it took.
        notes: What the result rests on: the rain's source, the kernel, the number type.
    """

    times_s: np.ndarray
    depth_m: np.ndarray
    speed_mps: np.ndarray
    cell_m: float
    ledger: Ledger
    steps: int
    notes: dict[str, str]

    @property
    def max_depth_m(self) -> np.ndarray:
        """(rows, cols) float32: the deepest of all outputs in every cell."""
        return np.max(self.depth_m, axis=0)

    def wet_area_m2(self, deeper_than_m: float = 0.1) -> np.ndarray:
        """(t,) area (m2) deeper than a depth (m)."""
        return np.count_nonzero(self.depth_m > deeper_than_m, axis=(1, 2)) * self.cell_m**2

    def fast_share(self, froude: float = FAST, deeper_than_m: float = 0.05) -> float:
        """Share of wet cells and outputs with a Froude number above `froude`: there, do not trust local inertia."""
        wet = self.depth_m > deeper_than_m
        fast = self.speed_mps[wet] > froude * np.sqrt(GRAVITY * self.depth_m[wet])
        return float(np.count_nonzero(fast)) / max(1, fast.size)

    @property
    def max_froude(self) -> np.ndarray:
        """(rows, cols) float32: the greatest Froude number of all outputs, where more than 5 cm stood; 0 elsewhere."""
        wet = self.depth_m > 0.05
        number = np.where(wet, self.speed_mps / np.sqrt(GRAVITY * np.where(wet, self.depth_m, 1)), 0)
        return np.max(number, axis=0).astype(np.float32)

    @property
    def too_fast(self) -> np.ndarray:
        """(rows, cols) True where a Froude number passed 0.8: there, do not trust the scheme "inertia"."""
        return self.max_froude > FAST

    def save(self, folder: Path) -> None:
        """Write `flood.npz` and `flood.json` as a whole; the same result gives the same bytes.

        Raises:
            StorageFailed: The disk is full or may not be written; nothing half-written is left.
        """
        arrays = self._arrays()
        about: dict[str, Any] = {"format": FORMAT, "cell_m": self.cell_m, "steps": self.steps, "notes": self.notes}
        about |= {"ledger": asdict(self.ledger), "ledger_error": self.ledger.error, "digest": digest_arrays(arrays)}
        with landing_folder(folder) as beside:
            np.savez(beside / "flood.npz", depth_m=self.depth_m, speed_mps=self.speed_mps, times_s=self.times_s)
            text = json.dumps(about, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
            (beside / "flood.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, *, verify: bool = False) -> FloodResult:
        """Read what `save` wrote; with `verify`, check that the arrays are those that were written.

        Raises:
            BadInput: No flood result, one of another version, or one that was changed.
        """
        remedy = "run the flood again"
        try:
            about = json.loads((folder / "flood.json").read_text(encoding="utf-8"))
            with np.load(folder / "flood.npz", allow_pickle=False) as file:
                arrays = {name: file[name] for name in ("depth_m", "speed_mps", "times_s")}
            if about["format"] != FORMAT:
                raise BadInput(f"a flood of format {about['format']!r}", file=folder, expected=FORMAT, remedy=remedy)
            ledger = Ledger(**about["ledger"])
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise BadInput(f"no readable flood result: {error}", file=folder, remedy=remedy) from error
        if verify and digest_arrays(arrays) != about["digest"]:
            raise BadInput("the flood's arrays were changed since they were written", file=folder, remedy=remedy)
        return cls(**arrays, cell_m=about["cell_m"], ledger=ledger, steps=about["steps"], notes=about["notes"])

    def _arrays(self) -> dict[str, np.ndarray]:
        return {"depth_m": self.depth_m, "speed_mps": self.speed_mps, "times_s": self.times_s}
