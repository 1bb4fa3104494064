"""`Collection`: features of one kind, with their places and times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
import shapely

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing at a place.

    Attributes:
        feature_id: Its id, unique in its collection.
        geometry: In longitude and latitude (WGS 84), degrees; None: it has no place.
        properties: JSON-ready.
        begins: Since when it is so; None: always.
        ends: Until when; None: on and on.
    """

    feature_id: str
    geometry: shapely.Geometry | None
    properties: dict[str, Any]
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Table:
    """Features of one moment, ready to be searched by place and time."""

    features: Sequence[Feature]

    @cached_property
    def geometries(self) -> np.ndarray:
        """Of each feature (N)."""
        found = np.empty(len(self.features), dtype=object)
        found[:] = [one.geometry for one in self.features]
        return found

    @cached_property
    def bounds(self) -> Bounds | None:
        """Of all that have a place; None where none has."""
        west, south, east, north = shapely.total_bounds(self.geometries).tolist() if self.features else [np.nan] * 4
        return None if np.isnan(west) else (west, south, east, north)

    @cached_property
    def times(self) -> tuple[datetime, datetime | None] | None:
        """The first begin and the last end; no end where one of them goes on; None where nothing has a time."""
        timed = [one for one in self.features if one.begins is not None or one.ends is not None]
        if not timed:
            return None
        first = min((one.begins for one in timed if one.begins is not None), default=datetime.min.replace(tzinfo=UTC))
        ends = [one.ends for one in timed]
        return first, None if None in ends else max(end for end in ends if end is not None)

    def within(self, bounds: Bounds) -> np.ndarray:
        """Which features touch a box (N); west > east goes over the antimeridian. What has no place is not in it."""
        west, south, east, north = bounds
        if west > east:
            return self.within((west, south, 180.0, north)) | self.within((-180.0, south, east, north))
        return np.asarray(shapely.intersects(self.geometries, shapely.box(west, south, east, north)), dtype=bool)

    def during(self, begin: datetime | None, end: datetime | None) -> np.ndarray:
        """Which features are there at some moment from `begin` to `end`, both included (N); None: open. What has no
        time is always there.
        """
        return np.array(
            [
                (end is None or one.begins is None or one.begins <= end)
                and (begin is None or one.ends is None or one.ends >= begin)
                for one in self.features
            ],
            dtype=bool,
        )


@dataclass(frozen=True)
class Collection:
    """Features of one kind.

    Attributes:
        title: For people.
        description: What one feature is, and its units.
        read: All features, as they are now; called in a thread.
        still: They never change while the service runs: read once.
    """

    title: str
    description: str
    read: Callable[[], Sequence[Feature]]
    still: bool = False
    _kept: list[Table] = field(default_factory=list, repr=False)

    def table(self) -> Table:
        """All features, ready to be searched."""
        if not self.still:
            return Table(self.read())
        if not self._kept:
            self._kept.append(Table(self.read()))
        return self._kept[0]
