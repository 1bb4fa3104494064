"""What whoever builds a city may say about its ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput, BadMap
from networks.ground.raster import refuse_other_files
from networks.ground.storms import read_storms

COPERNICUS = "copernicus"


@dataclass(frozen=True)
class GroundOptions:
    """Choices for terrain and drains; every one has a default that is told as a guess.

    Attributes:
        dem: A GeoTIFF of heights (m), or the word `copernicus` to download GLO-30; None for the map's spot heights.
        dem_error_m: Root mean square error of the heights as their owner states it, m.
        dem_model: `terrain` (bare ground) or `surface` (with roofs and decks), as their owner states it.
        dem_url: Address of a copy of GLO-30; otherwise CITYTWIN_DEM_URL, otherwise the public bucket.
        downloads: Folder for downloaded tiles.
        drain_return_period_y: Years; the storm that the drains were designed for. None: guessed.
        storm: A file with the city's storm intensities (see `networks.ground.storms`).
        swmm: The city's pipes as a SWMM input file.
        swmm_crs: Coordinate system of its [COORDINATES], e.g. `EPSG:4547`; None: found out where that is safe.
    """

    dem: Path | str | None = None
    dem_error_m: float | None = None
    dem_model: str | None = None
    dem_url: str | None = None
    downloads: Path = Path("downloads")
    drain_return_period_y: float | None = None
    storm: Path | None = None
    swmm: Path | None = None
    swmm_crs: str | None = None

    def check(self) -> None:
        """Refuse what cannot be, before any long work.

        Raises:
            BadMap: A file that is named is not there; the terrain is plainly of another kind.
            BadInput: A number, a word or a storm file that cannot be used.
        """
        if self.dem is not None and self.dem != COPERNICUS:
            if not Path(self.dem).is_file():
                raise BadMap(
                    "there is no such terrain file",
                    file=self.dem,
                    expected="a GeoTIFF of heights in metres",
                    remedy="check the path, or download one: --dem copernicus",
                )
            refuse_other_files(Path(self.dem))
        if self.dem_error_m is not None and not (math.isfinite(self.dem_error_m) and self.dem_error_m >= 0):
            raise BadInput(f"a vertical error of {self.dem_error_m:g} m", place="dem_error_m", expected="0 m or more")
        if self.dem_model not in (None, "terrain", "surface"):
            raise BadInput(f"the model is {self.dem_model!r}", place="dem_model", expected="terrain or surface")
        years = self.drain_return_period_y
        if years is not None and not (math.isfinite(years) and 0 < years <= 1000):
            raise BadInput(
                f"a return period of {years:g} years", place="drain_return_period_y", expected="above 0, at most 1000"
            )
        for file in (self.storm, self.swmm):
            if file is not None and not Path(file).is_file():
                raise BadInput("there is no such file", file=file, remedy="check the path")
        if self.storm is not None:
            read_storms(Path(self.storm))
