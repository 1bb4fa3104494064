"""Rain from whatever a folder or a file holds: a nowcast, radar frames, gauges, or a storm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from models.flood.rain.field import Rain
from models.flood.rain.forecast.nowcast_files import load_nowcast
from models.flood.rain.gauging.gauges import Gauges, read_gauges
from models.flood.rain.radar.reading import radar_files, read_radar
from models.flood.rain.radar.reflectivity import PowerLaw
from models.flood.rain.storms.hyetograph import Hyetograph
from models.flood.rain.storms.storm_file import read_storm
from models.flood.rain.terrain_rain import Cells, forecast_rain, observed_rain
from networks.digest import digest_file, digest_json
from networks.errors import BadInput

EXPECTED = "a nowcast's folder, a folder of radar frames, a CSV of gauges, or a storm (YAML)"
AROUND_M = 40_000.0
"""Radar is read this far around a terrain's middle (m), so that showers come in along their motion."""


def rain_from(
    place: Path, cells: Cells, law: PowerLaw, *, begin: datetime | None = None, member: int = 0
) -> tuple[Rain, datetime]:
    """Rain for a terrain, and when the run begins; see `rains_from`.

    Args:
        place: Where the rain is.
        cells: The terrain's cells.
        law: What turns a radar's reflectivity into rain.
        begin: The run's start; None: when the rain begins.
        member: Which of a nowcast's members.
    """
    rains, start = rains_from(place, cells, law, begin=begin, members=(member,))
    return rains[0], start


def rains_from(
    place: Path, cells: Cells, law: PowerLaw, *, begin: datetime | None = None, members: Sequence[int] | None = None
) -> tuple[list[Rain], datetime]:
    """Rain for a terrain: one of each of a nowcast's members, else one.

    Args:
        place: A folder that `twin flood nowcast` wrote (what was seen, then what may come), a folder of radar frames,
            a CSV of gauges, whose mean falls on the whole terrain, or a storm (YAML).
        cells: The terrain's cells.
        law: What turns a radar's reflectivity into rain.
        begin: The run's start; None: when the rain begins.
        members: Which of a nowcast's members; None: all.

    Raises:
        BadInput: It is none of them, or does not know the rain on this terrain.
    """
    if is_nowcast(place):
        cast, seen = load_nowcast(place)
        start = begin or seen.times[0]
        chosen = range(len(cast.members_mm_h)) if members is None else members
        return list(forecast_rain(cast, chosen, seen, cells, begin=start)), start
    if place.is_dir():
        middle, reach = _middle(cells)
        frames = read_radar(place, law, around=middle, reach_m=reach + AROUND_M)
        start = begin or frames.times[0]
        return [observed_rain(frames, cells, begin=start)], start
    if place.suffix.lower() == ".csv":
        rain, start = gauge_rain(read_gauges(place), begin)
        return [rain], start
    if place.suffix.lower() in (".yaml", ".yml"):
        storm, start = read_storm(place, begin)
        return [storm], start
    raise BadInput("it holds no rain", file=place, expected=EXPECTED)


def is_nowcast(place: Path) -> bool:
    """Whether a folder is one that `twin flood nowcast` wrote."""
    return (place / "nowcast.json").exists()


def rain_digest(folder: Path) -> str:
    """SHA-256 (hex) of what a nowcast or radar frames are read from: names and bytes of the files.

    Raises:
        BadInput: No such folder, or no rain in it.
    """
    names = ("nowcast.json", "members.npz")
    files = [folder / name for name in names] if is_nowcast(folder) else radar_files(folder)
    missing = next((file for file in files if not file.exists()), None)
    if missing is not None:
        raise BadInput(f"{missing.name} is missing", file=folder, expected="a folder that twin flood nowcast wrote")
    return digest_json([(file.name, digest_file(file)) for file in files])


def gauge_rain(gauges: Gauges, begin: datetime | None = None) -> tuple[Hyetograph, datetime]:
    """The mean of gauges as rain over the whole map; intervals that no gauge measured are dry, which the source says.

    Raises:
        BadInput: The gauges' intervals differ in length or do not meet.
    """
    period = gauges.gauges[0].period_s
    if any(one.period_s != period for one in gauges.gauges):
        raise BadInput("the gauges' intervals differ", expected="one length for all", remedy="sum them up beforehand")
    ends = sorted({end for one in gauges.gauges for end in one.ends})
    if any(((end - ends[0]).total_seconds() / period) % 1 for end in ends):
        raise BadInput("the gauges' intervals do not meet", expected="the same ends for all")
    count = round((ends[-1] - ends[0]).total_seconds() / period) + 1
    table = np.full((len(gauges.gauges), count), np.nan)
    for row, one in zip(table, gauges.gauges, strict=True):
        at = round((one.ends[0] - ends[0]).total_seconds() / period)
        row[at : at + len(one.depth_mm)] = one.depth_mm
    known = np.isfinite(table).sum(axis=0)
    depth = np.nansum(table, axis=0) / np.maximum(known, 1)
    dry = f"; {int((known == 0).sum())} intervals unknown, taken as dry" if (known == 0).any() else ""
    rain = Hyetograph(
        np.arange(count + 1) * period, depth / period * 3600, f"mean of {len(table)} gauges, {gauges.source}{dry}"
    )
    first = ends[0] - timedelta(seconds=period)
    start = begin or first
    return replace(rain, times_s=rain.times_s + (first - start).total_seconds()), start


def _middle(cells: Cells) -> tuple[tuple[float, float], float]:
    """The terrain's middle (degrees) and half of its longer side (m)."""
    from pyproj import Transformer

    to, (tall, wide) = cells.transform, cells.shape
    x, y = to.a * wide / 2 + to.b * tall / 2 + to.c, to.d * wide / 2 + to.e * tall / 2 + to.f
    lon, lat = Transformer.from_crs(cells.crs, "EPSG:4326", always_xy=True).transform(x, y)
    return (float(lon), float(lat)), max(tall * abs(to.e), wide * abs(to.a)) / 2
