"""Attractions as columns: where they are, how many they let in, how long people stay, how many they may hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.crowd.city.opening import Opening
from models.crowd.sites import VisitSite, capacity_of
from networks.errors import BadInput

_COLUMNS = ("pull", "gate_ps", "stay_median_s", "stay_spread", "area_m2", "capacity", "indoor")
GATE_PS = 1.5
"""People that an ordinary gate lets in (persons/s); an assumption."""
STAY_S, STAY_SPREAD = 3600.0, 0.5
INDOOR = ("museum", "gallery", "aquarium")


@dataclass(frozen=True)
class SiteTable:
    """One row for each attraction; arrays of shape (sites,).

    Attributes:
        name: What it is called.
        node: Node of the walk graph at its gate.
        pull: What draws people when nothing else counts, as a utility (the logarithm of a relative number of visitors).
        gate_ps: Most people let in through its gate (persons/s).
        stay_median_s: Median of the stay (s); stays are lognormal.
        stay_spread: Standard deviation of the stay's logarithm.
        area_m2: Area open to visitors (m2); NaN where nobody knows.
        capacity: Number of people at one time, approved or by formula; NaN where there is neither.
        indoor: 1 under a roof, 0 in the open: rain keeps people away from the open ones.
        opening: When they are open; None: always.
        gates: Nodes of all gates of each site, its `node` among them; empty: `node` alone. People come in by the one
            that they reach first, and go out by the one that is nearest to where they go next.

    Raises:
        BadInput: Columns of different length; a gate, a stay, an area or a capacity that is not positive.
    """

    name: tuple[str, ...]
    node: np.ndarray
    pull: np.ndarray
    gate_ps: np.ndarray
    stay_median_s: np.ndarray
    stay_spread: np.ndarray
    area_m2: np.ndarray
    capacity: np.ndarray
    indoor: np.ndarray
    opening: Opening | None = None
    gates: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "node", np.asarray(self.node, dtype=np.int32))
        for column in _COLUMNS:
            object.__setattr__(self, column, np.asarray(getattr(self, column), dtype=np.float64))
        shapes = {column: getattr(self, column).shape for column in ("node", *_COLUMNS)}
        if set(shapes.values()) != {(len(self.name),)}:
            raise BadInput("columns of the attractions differ in length", place=str(shapes), expected="one row each")
        self._check_spans()
        for column in ("gate_ps", "stay_median_s", "area_m2", "capacity"):
            values = getattr(self, column)
            bad = np.flatnonzero(~(values > 0) & ~(np.isnan(values) & (column in ("capacity", "area_m2"))))
            if len(bad):
                raise BadInput(
                    f"{self.name[bad[0]]} has {column} {values[bad[0]]:g}",
                    place=f"attraction {int(bad[0])}",
                    expected="more than 0",
                    remedy="leave the attraction out while it is closed" if column != "area_m2" else "give its area",
                )

    def _check_spans(self) -> None:
        told = len(self.opening.out_s) if self.opening else len(self)
        if told != len(self) or len(self.gates) not in (0, len(self)):
            raise BadInput("opening hours or gates differ in length from the attractions", expected="one row each")

    def __len__(self) -> int:
        return len(self.name)

    @property
    def nodes(self) -> np.ndarray:
        """Nodes of all gates of all sites."""
        more = [node for one in self.gates for node in one]
        return np.unique(np.concatenate([self.node, np.asarray(more, dtype=np.int32)]))

    def holds(self, area_per_person_m2: float) -> np.ndarray:
        """People at one time: `capacity`, else the area over `area_per_person_m2`, else no limit, shape (sites,).

        Source of the formula: LB/T 034-2014, instantaneous capacity = effective area / area per person (secondary
        source: this project's collection of practice; the standard's text was not read). The area per person is the
        user's: it depends on the kind of site.
        """
        ground = np.where(np.isnan(self.area_m2), np.inf, np.maximum(1.0, self.area_m2 / area_per_person_m2))
        return np.where(np.isnan(self.capacity), ground, self.capacity)

    def stay_s(self, site: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """Lognormal stays (s) at `site` for standard normal draws."""
        return np.asarray(self.stay_median_s[site] * np.exp(self.stay_spread[site] * normal))


def table_of(sites: Sequence[VisitSite], opening: Opening | None = None) -> SiteTable:
    """Columns from sites of a file or of the map (`models.crowd.sites`).

    The rate of a site is that of all its gates together. A gate of which nobody said a rate lets in GATE_PS, and people
    stay STAY_S where nobody said how long: both assumptions. Opening hours are `opening`: a site's own need a date.
    """
    gates = [site.gates or () for site in sites]
    rates = [sum(GATE_PS if g.in_per_min is None else g.in_per_min / 60.0 for g in g_) or GATE_PS for g_ in gates]
    held = [capacity_of(site).instant for site in sites]
    return SiteTable(
        name=tuple(site.name or site.site_id for site in sites),
        node=np.array([g[0].node if g else site.node for site, g in zip(sites, gates, strict=True)]),
        pull=np.log([max(site.draw, 1e-3) for site in sites]),
        gate_ps=np.array(rates),
        stay_median_s=np.array([site.stay.median_s if site.stay else STAY_S for site in sites]),
        stay_spread=np.array([site.stay.sigma if site.stay else STAY_SPREAD for site in sites]),
        area_m2=np.array([site.area_m2 or np.nan for site in sites]),
        capacity=np.array([np.nan if at_once is None else at_once for at_once in held]),
        indoor=np.array([float(site.kind in INDOOR) for site in sites]),
        opening=opening,
        gates=tuple(
            tuple(dict.fromkeys(g.node for g in g_)) or (site.node,) for site, g_ in zip(sites, gates, strict=True)
        ),
    )


@dataclass(frozen=True)
class Taste:
    """What people weigh when they choose where to go next (McFadden 1974): a multinomial logit.

    Attributes:
        per_min: Utility of a minute on foot, below 0.
        crowding: Utility of a site that is full, below 0; in between in proportion to how full it is.
        rain: Utility of the open when it rains, below 0.
        area_per_person_m2: Area that a visitor takes where no capacity was approved (m2).

    All four are assumptions until they are calibrated on counts.
    """

    per_min: float = -0.06
    crowding: float = -2.0
    rain: float = -1.5
    area_per_person_m2: float = 10.0

    def utility(
        self, sites: SiteTable, walk_s: np.ndarray, people: np.ndarray, *, raining: bool = False
    ) -> np.ndarray:  # fmt: skip
        """Utility of every site, shape (..., sites).

        Args:
            sites: The attractions.
            walk_s: Walking time to each (s), shape (..., sites); infinite where there is no way.
            people: How many are in each or wait at its gate, shape (sites,).
            raining: Whether it rains.
        """
        full = people / sites.holds(self.area_per_person_m2)
        wet = self.rain * (1.0 - sites.indoor) if raining else 0.0
        return np.asarray(sites.pull + wet + self.crowding * full + self.per_min * walk_s / 60.0)


def choose(utility: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Draw one alternative a row with the probabilities exp(U) / sum exp(U).

    Args:
        utility: Shape (n, alternatives); minus infinity where an alternative is out of the question.
        u: Uniform draws, shape (n,): the same draw and nearly the same utilities give nearly always the same choice.

    Returns:
        (n,) alternatives; -1 where all are out of the question.
    """
    best = utility.max(axis=1, keepdims=True)
    weight = np.exp(utility - np.where(np.isfinite(best), best, 0.0))
    passed = np.cumsum(weight, axis=1)
    total = passed[:, -1]
    chosen = (passed < (u * total)[:, None]).sum(axis=1)
    return np.where(total > 0, np.minimum(chosen, utility.shape[1] - 1), -1)
