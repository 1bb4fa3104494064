"""The intervention `rainfall`: as a hyetograph, as a design storm, or as radar sees it."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field, NonNegativeFloat, PositiveFloat, model_validator

from scenarios.text import Text


class HyetographText(Text):
    """Rain in steps of equal length.

    Attributes:
        begin: Start of the first step.
        step_s: Length of a step, s.
        intensity_mm_h: Rain in each step, mm/h.
    """

    begin: AwareDatetime
    step_s: PositiveFloat = 300.0
    intensity_mm_h: tuple[NonNegativeFloat, ...] = Field(min_length=1)


class FormulaText(Text):
    """A town's intensity formula, a1 (1 + c lg P) / (t + b) ** n in mm/min (`models.flood.IntensityFormula`).

    Attributes:
        a1_mm_min: Coefficient A1, mm/min * min**n; the A1 of `q = 167 A1 (1 + C lg P) / (t + b) ** n`.
        c: Coefficient C of lg P; 0 for a law of one return period.
        b_min: Added to the duration, min.
        n: Exponent, 0..1.
        return_period_years: P, years.
    """

    a1_mm_min: PositiveFloat
    c: NonNegativeFloat = 0.0
    b_min: PositiveFloat
    n: float = Field(gt=0.0, lt=1.0)
    return_period_years: PositiveFloat


class ChicagoText(Text):
    """A Chicago design storm (Keifer & Chu 1957, doi:10.1061/JYCEAJ.0000104), by its depth or by a town's formula.

    Attributes:
        begin: Start of the storm.
        depth_mm: Rain in total, mm; its shape is then a common one.
        formula: The town's intensity formula, which gives depth and shape.
        duration_s: Length of the storm, s.
        peak_ratio: Share of the duration before the peak, 0..1.
        step_s: Length of a step, s.
    """

    begin: AwareDatetime
    depth_mm: PositiveFloat | None = None
    formula: FormulaText | None = None
    duration_s: PositiveFloat = 3600.0
    peak_ratio: float = Field(default=0.4, gt=0.0, lt=1.0)
    step_s: PositiveFloat = 60.0

    @model_validator(mode="after")
    def _one_depth(self) -> ChicagoText:
        if (self.depth_mm is None) == (self.formula is None):
            raise ValueError("a Chicago storm needs exactly one of: depth_mm, formula")
        return self


class RadarText(Text):
    """Rain on a map of pixels that stays in its folder: radar frames, or what `twin flood nowcast` wrote.

    Attributes:
        folder: Where; no part of the scenario's digest.
        digest: SHA-256 of what is in it; other content is refused.
        members: How many courses a nowcast has; 0: radar frames, as observed.
        member: The nowcast's member that all seeds meet; None: each seed meets one in turn.
        law: What turns reflectivity into rain: a name (`twin flood nowcast --law`), or A,B of Z = A R^B.
    """

    folder: str = Field(min_length=1)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    members: int = Field(default=0, ge=0)
    member: int | None = Field(default=None, ge=0)
    law: str = "finland"

    @model_validator(mode="after")
    def _is_one(self) -> RadarText:
        if self.member is not None and self.member >= self.members:
            raise ValueError(f"there is no member {self.member}; the folder has {self.members}")
        return self

    def member_of(self, seed: int | None) -> int:
        """The nowcast's member that a seed meets."""
        if self.member is not None:
            return self.member
        return (seed - 1) % self.members if seed is not None and self.members else 0


class Rainfall(Text):
    """Rain over the whole city, as a hyetograph, as a design storm, or as radar sees it, with its source.

    In a file `file` (a storm, a CSV of gauges, a folder of radar frames or of a nowcast) stands for any of them.

    Attributes:
        drain_capacity_mm_h: What the drains take where there is land, mm/h.
        infiltration_mm_h: What the ground takes where there is land, mm/h.
        assume_depths: Let water slow and close roads and paths also on a terrain that is for screening alone. That is
            an assumption of the scenario, told with each result; without it such water is shown and closes nothing.
        terrain_error: Let each member meet a terrain of its own: the heights plus a correlated error of their size.
        on_roads: The rain stands on roads and paths; false computes no flood at all.
        on_drivers: Drivers go slower and further apart while it rains and while the road is wet, apart from any water
            that stands on it (models/traffic/weather.py has the table and its source).
        source: Where the depths come from; shown with every result.
    """

    kind: Literal["rainfall"]
    hyetograph: HyetographText | None = None
    chicago: ChicagoText | None = None
    radar: RadarText | None = None
    drain_capacity_mm_h: NonNegativeFloat = 12.0
    infiltration_mm_h: NonNegativeFloat = 0.0
    assume_depths: bool = False
    terrain_error: bool = False
    on_roads: bool = True
    on_drivers: bool = False
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_rain(self) -> Rainfall:
        if sum(one is not None for one in (self.hyetograph, self.chicago, self.radar)) != 1:
            raise ValueError("rainfall needs exactly one of: hyetograph, chicago, file")
        return self

    @property
    def by_seed(self) -> bool:
        """Whether each seed meets a flood of its own."""
        turns = self.radar is not None and self.radar.members > 1 and self.radar.member is None
        return self.terrain_error or turns
