"""Positions of a day's file on the walk graph of a city, and whether they are in the datum that the file says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.crowd.sites.datum_fit import doubt_datum
from models.crowd.sites.walk_places import FAR_M, WalkPlaces
from networks.coordinates.datums import to_wgs84
from networks.errors import BadInput
from networks.places.nearest_road import NearestRoad
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

Position = tuple[float, float]
_HINT_SHARE = 0.4


class DayPlaces:
    """Finds positions on a city's walk graph.

    Args:
        city: The city.
        datum: Of the positions.
        given: All of them: together they tell whether the datum fits.

    Attributes:
        notes: What is odd about them.
    """

    def __init__(self, city: City, datum: str, given: Sequence[Position]) -> None:
        self._city, self._datum = city, datum
        self._places, self._plane = WalkPlaces(city), NearestRoad(city).plane
        self.notes: tuple[Sentence, ...] = self._doubts(given) if given and city.georeferenced else ()

    def find(self, at: Position, name: str) -> tuple[float, float, int]:
        """Metres in the city's plane, and the nearest node of the walk graph.

        Raises:
            BadInput: It is outside the map, or off the network; says so where another datum would fit.
        """
        x, y = self._to_plane(at, name)
        node, away = self._places.to(x, y)
        if away > FAR_M:
            raise BadInput(
                f"{name} is off the network: the nearest way for walkers is {away:.0f} m away",
                expected=f"{FAR_M:g} m or less", remedy=self._hint(at, away),
            )  # fmt: skip
        return x, y, node

    def nearest_path(self, at: Position, name: str) -> tuple[int, float]:
        """The link of the walk graph nearest to a position, and how far away it is (m)."""
        from shapely.geometry import Point

        away = np.asarray(self._city.layer("walk_links").geometry.distance(Point(*self._to_plane(at, name))))
        return int(away.argmin()), float(away.min())

    def near(self, at: Position, radius_m: float, name: str) -> np.ndarray:
        """Links of the walk graph within so many metres of a position."""
        from scenarios.visits.shut_paths import near_place

        return near_place(self._city, *self._to_plane(at, name), radius_m)

    def _to_plane(self, at: Position, name: str) -> tuple[float, float]:
        lon, lat = (float(one) for one in to_wgs84(*at, self._datum))
        try:
            return self._plane(lon, lat)
        except BadInput as error:
            raise BadInput(f"{name}: {error.what}", expected=error.expected, remedy=error.remedy) from error

    def _hint(self, at: Position, away_m: float) -> str:
        for other in ("wgs84", "gcj02", "bd09"):
            xy = self._planes(np.array([at]), other)[0]
            if other != self._datum and self._places.to(*xy)[1] < _HINT_SHARE * away_m:
                return f"it lies near a way when read as {other}: check the file's datum"
        return "check its position and the file's datum"

    def _planes(self, degrees: np.ndarray, datum: str) -> np.ndarray:
        lon, lat = to_wgs84(degrees[:, 0], degrees[:, 1], datum)
        return self._project(np.asarray(lon), np.asarray(lat))

    def _project(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        from pyproj import Transformer

        return np.column_stack(Transformer.from_crs("EPSG:4326", self._city.crs, always_xy=True).transform(lon, lat))

    def _doubts(self, given: Sequence[Position]) -> tuple[Sentence, ...]:
        degrees = np.array(given, dtype=float)
        doubt = doubt_datum(
            self._datum, degrees, [""] * len(degrees), {}, self._project, self._places.off_walk_m
        )  # fmt: skip
        if doubt is None:
            return ()
        en = (
            f"positions may be {doubt.datum}, not {self._datum}: the middle one of {doubt.count} lies "
            f"{doubt.stated_m:.0f} m from a way for walkers, and {doubt.other_m:.0f} m when read so"
        )
        zh = (
            f"坐标可能是{doubt.datum}而非{self._datum}：{doubt.count}处距步行道中位数为{doubt.stated_m:.0f}米，"
            f"按{doubt.datum}读取则为{doubt.other_m:.0f}米"
        )
        return (say(en, zh),)
