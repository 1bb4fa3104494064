"""From where on it is trouble: a file of YAML, each figure with where it comes from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from networks.errors import BadInput
from networks.text_file import read_text
from networks.yaml_lines import compose, refuse_twins, told
from twin.alarms.finding import LEVELS

SHIPPED = Path(__file__).with_name("thresholds.yaml")
_NOUN = "thresholds in YAML, as `twin alarms thresholds` prints them"


class Threshold(BaseModel):
    """A figure, and where it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(ge=0.0, allow_inf_nan=False, strict=True)
    source: str = Field(min_length=3)


def _share(one: Threshold) -> Threshold:
    if not 0.0 < one.value <= 1.0:
        raise ValueError(f"a share is above 0 and at most 1, not {one.value:g}")
    return one


def _count(one: Threshold) -> Threshold:
    if one.value < 1 or one.value != int(one.value):
        raise ValueError(f"a whole number from 1 on is needed, not {one.value:g}")
    return one


Share = Annotated[Threshold, AfterValidator(_share)]
Count = Annotated[Threshold, AfterValidator(_count)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Levels(_Part):
    """Limits of a quantity from level IV (least) to I (worst), and the share of members that has to say so."""

    level_IV: Threshold
    level_III: Threshold
    level_II: Threshold
    level_I: Threshold
    probability: Share

    @model_validator(mode="after")
    def _rise(self) -> Self:
        limits = self.limits
        if sorted(set(limits)) != list(limits):
            raise ValueError(f"levels IV, III, II, I must rise, not {', '.join(f'{one:g}' for one in limits)}")
        return self

    @property
    def limits(self) -> tuple[float, ...]:
        """From level IV to level I."""
        return self.level_IV.value, self.level_III.value, self.level_II.value, self.level_I.value

    def level(self, value: float) -> str | None:
        """The worst level whose limit a value reaches; None below all."""
        reached = sum(value >= limit for limit in self.limits)
        return LEVELS[reached - 1] if reached else None


class Spillback(_Part):
    """Of the finder of queues that fill their street."""

    speed_share: Share
    metres_per_vehicle: Threshold
    filled: Share
    shortest_m: Threshold
    periods: Count
    probability: Share
    sure: Share
    long: Count


class Incident(_Part):
    """Of the finder of blocked lanes."""

    suspected: Share


class Ponding(_Levels):
    """Depths (m)."""


class Site(_Levels):
    """Shares of what a site holds."""


class Coverage(_Levels):
    """Times the target of the time until a unit is there."""

    target_s: Threshold


class Sensor(_Part):
    """Of the finder of sensors that are not believed."""

    reopened: Count


class Grouping(_Part):
    """Of the alarm book."""

    raise_after_spillback: Count
    raise_after_incident: Count
    raise_after_ponding: Count
    raise_after_site: Count
    raise_after_coverage: Count
    raise_after_sensor: Count
    clear_after: Count
    lower_after: Count
    near_junctions: Threshold
    near_m: Threshold
    near_s: Threshold
    actionable_level: Count

    def raise_after(self, kind: str) -> int:
        """Cycles in a row before an alarm of a kind is put before people."""
        one: Threshold = getattr(self, f"raise_after_{kind}")
        return int(one.value)


class Thresholds(_Part):
    """All of them."""

    spillback: Spillback
    incident: Incident
    ponding: Ponding
    site: Site
    coverage: Coverage
    sensor: Sensor
    alarms: Grouping


@cache
def shipped_thresholds() -> Thresholds:
    """Those that come with the program."""
    return read_thresholds(SHIPPED)


def read_thresholds(file: Path) -> Thresholds:
    """Read a file of thresholds.

    Raises:
        BadInput: It is missing, no YAML, a figure is missing, impossible or without a source; each with its line.
    """
    text = read_text(file, expected=_NOUN, remedy="check the path")
    root = compose(text, file, BadInput, _NOUN, remedy="begin with what `twin alarms thresholds` prints")
    refuse_twins(root, file, BadInput)
    try:
        return Thresholds.model_validate(yaml.safe_load(text))
    except ValidationError as wrong:
        remedy = "mend that line; `twin alarms thresholds` prints a whole file"
        raise told(wrong, root, file, BadInput, noun="thresholds", tags=(), remedy=remedy) from wrong
