"""What is known of underpasses beyond the map: `underpasses.yaml`, each number with its source."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from networks.errors import BadInput
from networks.ground.storage import StorageCurve
from networks.ground.underpasses import Underpass
from networks.text_file import read_text
from networks.yaml_lines import compose, refuse_twins, told

Source = Annotated[str, Field(min_length=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Pair = tuple[NotNegative, NotNegative]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StorageText(_Text):
    """Stage and storage.

    Attributes:
        curve: Pairs of depth (m) and volume (m3), increasing, the first 0, 0; the last is the brim.
        source: Where they come from.
    """

    curve: tuple[Pair, ...] = Field(min_length=2)
    source: Source

    @model_validator(mode="after")
    def _increasing(self) -> StorageText:
        depths, volumes = zip(*self.curve, strict=True)
        if depths[0] or volumes[0] or min(np.diff(depths)) <= 0 or min(np.diff(volumes)) <= 0:
            raise ValueError("the curve's depths and volumes must increase from 0, 0")
        return self


class CatchmentText(_Text):
    """What drains into it: area (m2), the share of the rain that runs off, and how long it takes (s)."""

    area_m2: Positive
    runoff: float = Field(default=0.9, gt=0, le=1)
    after_s: NotNegative = 0.0
    source: Source


class PumpText(_Text):
    """Its pumps.

    Attributes:
        curve: Pairs of head (m) and flow (m3/s), heads increasing, flows not.
        lift_m: Head (m) from its lowest point to where they deliver.
        start_m: They start when water stands so deep (m).
        stop_m: And stop below this (m).
        fails_s: Intervals (s since the run's begin) without power.
        source: Where this comes from.
    """

    curve: tuple[Pair, ...] = Field(min_length=1)
    lift_m: NotNegative
    start_m: Positive
    stop_m: NotNegative = 0.0
    fails_s: tuple[Pair, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _ordered(self) -> PumpText:
        heads, flows = zip(*self.curve, strict=True)
        if any(b <= a for a, b in pairwise(heads)) or list(flows) != sorted(flows, reverse=True):
            raise ValueError("the pump's heads must increase and its flows must not")
        if self.stop_m >= self.start_m:
            raise ValueError("stop_m must be below start_m")
        if any(end <= begin for begin, end in self.fails_s):
            raise ValueError("an interval of fails_s ends before it begins")
        return self


class BackflowText(_Text):
    """A drain or river that pushes in while it stands above a level.

    Attributes:
        level_m: Pairs of time (s since the run's begin) and level (m above the underpass's lowest point).
        sill_m: It pushes in above this level (m above the lowest point).
        conveyance_m2: Flow is this times sqrt(2 g head): area of the opening times its coefficient.
        flap: A flap gate lets nothing in.
        source: Where this comes from.
    """

    level_m: tuple[tuple[NotNegative, float], ...] = Field(min_length=2)
    sill_m: NotNegative
    conveyance_m2: Positive
    flap: bool = False
    source: Source


class ThresholdText(_Text):
    """A depth (m) and who set it."""

    depth_m: Positive
    source: Source


class GateText(_Text):
    """How it is closed: the command, and how long (s) from the order until nobody is left in it."""

    command: Source
    takes_s: NotNegative
    source: Source


class UnderpassText(_Text):
    """One underpass of the file; what it leaves out is the city's layer `underpasses`."""

    id: Source
    name: str = ""
    storage: StorageText | None = None
    catchment: CatchmentText | None = None
    pump: PumpText | None = None
    backflow: BackflowText | None = None
    gauge: str = ""
    warn: ThresholdText | None = None
    close: ThresholdText
    gate: GateText | None = None
    detour: str = ""
    cameras: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _warns_first(self) -> UnderpassText:
        if self.warn is not None and self.warn.depth_m >= self.close.depth_m:
            raise ValueError("warn.depth_m must be below close.depth_m")
        return self

    @property
    def surveyed(self) -> bool:
        """True where storage and catchment are given, so that no terrain is needed for its depths."""
        return self.storage is not None and self.catchment is not None

    def curve(self) -> StorageCurve | None:
        """Its storage, or None where the file gives none."""
        if self.storage is None:
            return None
        depths, volumes = zip(*self.storage.curve, strict=True)
        return StorageCurve(np.array(depths), np.array(volumes))


class _File(_Text):
    underpasses: tuple[UnderpassText, ...] = Field(min_length=1)


def read_underpass_file(file: Path, known: tuple[Underpass, ...]) -> tuple[UnderpassText, ...]:
    """Read `underpasses.yaml`.

    Args:
        file: The file.
        known: The city's underpasses; an entry that is not surveyed has to be one of them.

    Raises:
        BadInput: It is no YAML, has an impossible field or names an underpass that is not there; with the line.
    """
    text = read_text(file)
    root = compose(text, file, BadInput, "underpasses", remedy="write at least one underpass")
    refuse_twins(root, file, BadInput)
    try:
        read = _File.model_validate(yaml.safe_load(text)).underpasses
    except ValidationError as wrong:
        remedy = "mend that line"
        raise told(wrong, root, file, BadInput, noun="underpasses", tags=(), remedy=remedy) from wrong
    ids = {one.underpass_id for one in known}
    for at, one in enumerate(read):
        place = f"underpass {at + 1}, {one.id}"
        if [other.id for other in read].count(one.id) > 1:
            raise BadInput(f"{one.id} is there twice", file=file, place=place, remedy="keep one of them")
        if one.id not in ids and not one.surveyed:
            what = f"the city has no underpass {one.id}, and the file gives no storage and catchment for it"
            raise BadInput(what, file=file, place=place, expected=f"one of {', '.join(sorted(ids)) or 'none'}")
    return read
