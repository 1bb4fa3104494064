"""Positions in another datum than they are said to be: told by what they are called and by the ways near them.

GCJ-02 and BD-09 move places by 300 to 1500 m. A name that the map knows too settles it; without names, many places that
lie far from any way and near one when read otherwise are a hint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from networks.coordinates.datums import DATUMS, to_wgs84

NAMED_M, NAMED_SHARE = 150.0, 0.35
"""Namesakes further apart than this in the stated datum and NAMED_SHARE as far in another: they are in that one."""
HINT_PLACES, HINT_M, HINT_SHARE = 5, 25.0, 0.4
ToPlane = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class DatumDoubt:
    """Positions that fit the map better in another datum.

    Attributes:
        datum: That one.
        by: "names" or "ways".
        count: Places that were compared.
        stated_m, other_m: Median distance from what is on the map, as stated and as in `datum`.
    """

    datum: str
    by: str
    count: int
    stated_m: float
    other_m: float


def doubt_datum(
    stated: str,
    degrees: np.ndarray,
    names: Sequence[str],
    known: Mapping[str, np.ndarray],
    to_plane: ToPlane,
    off_walk_m: Callable[[np.ndarray], np.ndarray],
) -> DatumDoubt | None:
    """Whether places fit the map better in another datum than stated; None: they do not.

    Args:
        stated: The datum that the file states.
        degrees: (n, 2) longitudes and latitudes as written.
        names: (n,) names, perhaps empty.
        known: Name -> (k, 2) places of that name on the map, m.
        to_plane: WGS84 longitudes and latitudes -> (n, 2) metres in the city's plane.
        off_walk_m: (n, 2) places -> (n,) metres to the nearest way for walkers.
    """
    read = {datum: to_plane(*to_wgs84(degrees[:, 0], degrees[:, 1], datum)) for datum in _others(stated)}
    rows = [row for row, name in enumerate(names) if name in known]
    if rows:
        away = {datum: _to_namesakes(xy, rows, names, known) for datum, xy in read.items()}
        found = _better(stated, away, NAMED_M, NAMED_SHARE)
        return DatumDoubt(found, "names", len(rows), away[stated], away[found]) if found else None
    if len(degrees) < HINT_PLACES:
        return None
    away = {datum: float(np.median(off_walk_m(xy))) for datum, xy in read.items()}
    found = _better(stated, away, HINT_M, HINT_SHARE)
    return DatumDoubt(found, "ways", len(degrees), away[stated], away[found]) if found else None


def _others(stated: str) -> list[str]:
    """Datums that differ, the stated one first."""
    plain = "wgs84" if stated == "cgcs2000" else stated
    return [stated, *(one for one in DATUMS if one not in (plain, stated, "cgcs2000"))]


def _to_namesakes(xy: np.ndarray, rows: list[int], names: Sequence[str], known: Mapping[str, np.ndarray]) -> float:
    return float(np.median([np.hypot(*(known[names[row]] - xy[row]).T).min() for row in rows]))


def _better(stated: str, away: Mapping[str, float], least_m: float, share: float) -> str:
    best = min(away, key=lambda datum: away[datum])
    return best if best != stated and away[stated] > least_m and away[best] < share * away[stated] else ""
