"""What a structures file may say, field by field."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Longitude = Annotated[float, Field(ge=-1e7, le=1e7, allow_inf_nan=False)]
PointText = tuple[Longitude, Longitude]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Span = tuple[Number, Number]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Text):
    id: Annotated[str, Field(pattern=r"^[^\s].*$", max_length=80)]
    source: Annotated[str, Field(min_length=1, max_length=500)]


class CurveText(_Text):
    """A number in time."""

    times_s: list[Number]
    values: list[Number]


class LevelText(_Entry):
    """A water level in time, along a side of the map, a line, or all of the sea."""

    kind: Literal["level"]
    side: Literal["west", "east", "north", "south"] | None = None
    line: list[PointText] | None = None
    sea: bool = False
    times_s: list[Number]
    level_m: list[Number]

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum([self.side is not None, self.line is not None, self.sea]) != 1:
            raise ValueError("a level needs one of side, line and sea: true")
        return self


class InflowText(_Entry):
    """A river's or a burst main's flow in time."""

    kind: Literal["inflow"]
    at: PointText
    times_s: list[Number]
    flow_m3s: list[Number]


class PumpText(_Entry):
    """A pump; without `to` its water leaves the map, against `outlet_level_m` if that is said."""

    kind: Literal["pump"]
    at: PointText
    to: PointText | None = None
    outlet_level_m: Number | None = None
    curve: list[tuple[Number, Number]]
    start_depth_m: Positive
    stop_depth_m: Annotated[float, Field(ge=0)]
    fails_s: list[Span] = []


class GateText(_Entry):
    """A gate or flap between two places, or between a place and a level outside."""

    kind: Literal["gate"]
    at: PointText
    to: PointText | None = None
    outside: CurveText | None = None
    width_m: Positive
    height_m: Positive
    sill_m: Number
    open_share: CurveText | None = None
    flap: bool = False
    opens_above_m: Number | None = None
    closes_below_m: Number | None = None

    @model_validator(mode="after")
    def _one_far_side(self) -> Self:
        if (self.to is None) == (self.outside is None):
            raise ValueError("a gate needs one of to and outside")
        return self


class BarrierText(_Entry):
    """A wall that stands from time to time."""

    kind: Literal["barrier"]
    line: Annotated[list[PointText], Field(min_length=2)]
    crest_m: Number
    stands_s: list[Span]


class InletText(_Entry):
    """A grating; `node` is the SWMM node that it leads to."""

    kind: Literal["inlet"]
    at: PointText
    perimeter_m: Positive
    area_m2: Positive
    blocked: Share = 0.0
    most_m3s: Positive | None = None
    node: str = ""


class PipesText(_Entry):
    """Pipes in a SWMM file, named relative to this one; inlets and manholes name its nodes."""

    kind: Literal["pipes"]
    file: str
    exchange_s: Annotated[int, Field(ge=1, le=600)] = 10


class ManholeText(_Entry):
    """A cover through which the SWMM node of that id floods the street."""

    kind: Literal["manhole"]
    at: PointText


class BlockedText(_Entry):
    """A share of all inlets is blocked: which, is drawn from the member's seed."""

    kind: Literal["blocked_inlets"]
    share: Share


class SoilText(_Entry):
    """Soil by Green and Ampt: a texture's mean, or parameters of one's own."""

    kind: Literal["soil"]
    texture: str | None = None
    conductivity_mm_h: Positive | None = None
    suction_mm: Annotated[float, Field(ge=0)] | None = None
    porosity: Share | None = None
    saturation: Share = 0.0
    pervious: Share = 1.0

    @model_validator(mode="after")
    def _one_soil(self) -> Self:
        own = (self.conductivity_mm_h, self.suction_mm, self.porosity)
        if (self.texture is None) != (None not in own) or (
            self.texture is not None and any(v is not None for v in own)
        ):
            raise ValueError("soil needs a texture, or conductivity_mm_h, suction_mm and porosity")
        return self


class CurveNumberText(_Entry):
    """Losses by the curve number: a number, or a cover on a hydrologic soil group."""

    kind: Literal["curve_number"]
    number: Annotated[float, Field(gt=0, le=100)] | None = None
    cover: str | None = None
    group: Literal["A", "B", "C", "D"] | None = None

    @model_validator(mode="after")
    def _one_number(self) -> Self:
        if (self.number is None) == (self.cover is None) or (self.cover is None) != (self.group is None):
            raise ValueError("a curve number needs a number, or a cover and a group")
        return self


EntryText = Annotated[
    LevelText | InflowText | PumpText | GateText | BarrierText | InletText | PipesText | ManholeText | BlockedText
    | SoilText | CurveNumberText,
    Field(discriminator="kind"),
]  # fmt: skip
KINDS = (
    "level",
    "inflow",
    "pump",
    "gate",
    "barrier",
    "inlet",
    "pipes",
    "manhole",
    "blocked_inlets",
    "soil",
    "curve_number",
)


class StructuresText(_Text):
    """A structures file."""

    structures: list[EntryText]
