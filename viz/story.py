"""What a report is told: plain tables, texts and arrays. The caller assembles it; this room only draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

Words = Mapping[str, str]
"""The same sentence in each language: {"en": ..., "zh": ...}."""


class MapCity(Protocol):
    """What the maps need to know of a city; `networks.City` has it all."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def crs(self) -> Any:
        """Its metric coordinate system."""
        ...

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """minx, miny, maxx, maxy in metres."""
        ...

    @property
    def digest(self) -> str:
        """Its canonical digest."""
        ...

    @property
    def attribution(self) -> str:
        """Who must be named on every map."""
        ...

    @property
    def guesses(self) -> tuple[Words, ...]:
        """Sentences about what was guessed."""
        ...

    def layer(self, name: str) -> GeoDataFrame:
        """A layer by its name; it may be empty."""
        ...


@dataclass(frozen=True)
class Marker:
    """A place to show. `kind`: venue, call, hospital, fire_station, ambulance_station, stop; x, y in the city's CRS."""

    kind: str
    x: float
    y: float
    label: str = ""


@dataclass(frozen=True)
class MeasureText:
    """What a measure is: its unit, which direction is better ("lower" or "higher"), its title and definition."""

    unit: str
    better: str
    title: Words
    definition: Words


@dataclass(frozen=True)
class Alternative:
    """One scenario of the study and its ensemble.

    Attributes:
        key: Short name, unique in the story; used in ids.
        title: Its title in each language.
        measures: One row per member: seed, run_id, valid (bool), reasons (Words), then one column per measure.
        tables: Tables of one representative member: "edges", "links", "calls" as models write them; any may be missing.
        comparison: Rows against the first alternative: measure, unit, mean_a, mean_b, difference, low, high, n,
            correlation, variance_ratio, verdict. None for the first.
        shown_seed: The seed of the representative member.
    """

    key: str
    title: Words
    measures: DataFrame
    tables: Mapping[str, DataFrame]
    comparison: DataFrame | None = None
    shown_seed: int | None = None


@dataclass(frozen=True)
class Flood:
    """Water on the ground: `depth_m` (times, rows, cols), row 0 north; `transform` (a, b, c, d, e, f) of its cells."""

    times_s: npt.NDArray[np.float64]
    depth_m: npt.NDArray[np.float32]
    transform: tuple[float, float, float, float, float, float]
    run_id: str = ""
    screening: bool = True
    source: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A whole study, ready to be drawn.

    Attributes:
        city: The city.
        title: Title of the study.
        description: What happens, in one or two sentences.
        zero: Local wall-clock time (with its offset) of run time 0.
        shown_s: First and last run time on the maps, in seconds.
        alternatives: The first one is "as it is"; the others are compared with it.
        measures: What each measure means, by name.
        recommendations: As `Recommendation.to_json()` gives them.
        flood: The storm's water, shared by every member, if there is one.
        rain: Table time_s, intensity_mm_h, if it rains.
        markers: Places to show on every map.
        timings: (step, seconds) in order: (what, how long).
        versions: Engine or package -> version.
        guesses: Sentences about what was guessed beside the city's own.
        repeat: Commands that give the same run ids and measures again.
        sources: Data sets used: (name, licence, address or "").
        method: Extra sentences on method, per language.
    """

    city: MapCity
    title: Words
    description: Words
    zero: datetime
    shown_s: tuple[float, float]
    alternatives: tuple[Alternative, ...]
    measures: Mapping[str, MeasureText]
    recommendations: tuple[Mapping[str, Any], ...] = ()
    flood: Flood | None = None
    rain: DataFrame | None = None
    markers: tuple[Marker, ...] = ()
    timings: tuple[tuple[Words, float], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    guesses: tuple[Words, ...] = ()
    repeat: tuple[str, ...] = ()
    sources: tuple[tuple[str, str, str], ...] = ()
    method: tuple[Words, ...] = ()
