"""What the links of a city hold now: people, the density of the fullest cell, the mean speed."""

from __future__ import annotations

import numpy as np

from models.crowd.city.streets import FIRST, Streets, cell_area_m2
from models.crowd.city.walkers import HERE, LINK, Walkers
from models.crowd.city.whereabouts import speeds_mps, whereabouts


def people_on(streets: Streets, walkers: Walkers) -> np.ndarray:
    """People on each link by heading, int, shape (links, 2)."""
    here, links = walkers.cells[:, HERE : HERE + 2], len(streets.links)
    cut = np.add.reduceat(here[links:], _first(streets), axis=0) if links else here[links:]
    return np.asarray(np.where((walkers.hot == 1)[:, None], cut, here[:links]).astype(np.int64))


def densities_pm2(streets: Streets, walkers: Walkers) -> np.ndarray:
    """Density of each link's fullest cell (persons/m2), shape (links,)."""
    links, hot = len(streets.links), walkers.hot == 1
    here = walkers.cells[:, HERE : HERE + 2].sum(axis=1)
    most = np.maximum.reduceat(here[links:], _first(streets)) if links else here
    return np.asarray(np.where(hot, most, here[:links]) / cell_area_m2(streets, hot))


def mean_speeds_mps(step: int, streets: Streets, walkers: Walkers) -> np.ndarray:
    """Mean speed of those on each link at the start of `step` (m/s), shape (links,); NaN where nobody is."""
    there = whereabouts(step, np.flatnonzero(walkers.people[:, LINK] >= 0), streets, walkers)
    links = len(streets.links)
    total = np.bincount(there.link, weights=speeds_mps(there, streets, walkers), minlength=links)
    people = np.bincount(there.link, minlength=links)
    return np.asarray(np.divide(total, people, out=np.full(links, np.nan), where=people > 0))


def _first(streets: Streets) -> np.ndarray:
    """The first cell of each link among the cells of all links."""
    return streets.links[:, FIRST].astype(np.int64) - len(streets.links)
