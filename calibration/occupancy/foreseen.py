"""People in every zone in the next hour or two, by an ensemble of what may go on from now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from calibration.occupancy.counters import OUTSIDE, Layout
from calibration.occupancy.estimator import OccupancyFilter, Shown
from calibration.occupancy.facts import GRACE_S, ZoneFacts
from models.streams import stream

MEMBERS = 400
WANDER_PER_H = 0.5
"""Standard deviation of the logarithm by which arrivals, and the share that leaves, change within an hour (guess)."""


@dataclass(frozen=True)
class Foreseen:
    """A forecast.

    Attributes:
        times: Ends of the periods to come.
        people: Zone -> median and 90 % interval at each of them.
    """

    times: tuple[datetime, ...]
    people: Mapping[str, tuple[Shown, ...]]


def foresee(
    now: OccupancyFilter, at: datetime, periods: int, *, period_s: float = 300.0, seed: int = 0,
    facts: Mapping[str, ZoneFacts] | None = None,
) -> Foreseen:  # fmt: skip
    """What may be, if nothing more is told.

    Each member is a state that the filter holds possible. In it people go on to arrive at the rate of now, and through
    each door out of a zone goes on to leave the share of its people that leaves now; both wander (WANDER_PER_H).
    Nobody comes into a zone that is shut, and who is there leaves within GRACE_S. It knows no train: a wave that is
    announced is not in it.

    Args:
        now: The filter as it stands.
        at: The moment of its last period's end.
        periods: How many to come.
        period_s: Length of a period (s).
        seed: Of the draws.
        facts: Of zones: their opening hours are kept.
    """
    zones, links = now.layout.zones, now.layout.links
    place = {zone: row for row, zone in enumerate(zones)}
    drawn = now.draw(MEMBERS, stream(seed, "occupancy"))
    people, flows = drawn[:, : len(zones)].copy(), drawn[:, len(zones) :]
    sources = np.array([place.get(begins, -1) for begins, _ in links], dtype=np.int64)
    rates = flows / np.where(sources >= 0, np.maximum(people[:, sources], 1.0), 1.0)
    rates = np.where(sources >= 0, np.minimum(rates, 1.0), rates)
    wander, step = stream(seed, "occupancy ahead"), WANDER_PER_H * np.sqrt(period_s / 3600.0)
    shown: dict[str, list[Shown]] = {zone: [] for zone in zones}
    times = tuple(at + timedelta(seconds=period_s * (one + 1)) for one in range(periods))
    lets_in, drains, fades = _shut(now.layout, facts or {}, times, period_s)
    for period in range(periods):
        rates = rates * np.exp(step * wander.standard_normal(rates.shape))
        going = np.maximum(rates, drains[period]) * lets_in[period]
        moved = going * np.where(sources >= 0, people[:, sources], 1.0)
        moved *= _possible(moved, people, sources, len(zones))
        for link, (begins, ends) in enumerate(links):
            if begins != OUTSIDE:
                people[:, place[begins]] -= moved[:, link]
            if ends != OUTSIDE:
                people[:, place[ends]] += moved[:, link]
        people *= fades[period]
        for zone, row in place.items():
            low, middle, high = np.quantile(people[:, row], (0.05, 0.5, 0.95))
            shown[zone].append(Shown(float(middle), float(low), float(high)))
    return Foreseen(times, {zone: tuple(told) for zone, told in shown.items()})


def _shut(
    layout: Layout, facts: Mapping[str, ZoneFacts], times: tuple[datetime, ...], period_s: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(periods, links) 0 where a door leads into a zone that is shut, else 1; the share that at least leaves by it;
    (periods, zones) what is left of those in a zone without a door out.
    """
    links, left = layout.links, float(np.exp(-4.0 * period_s / GRACE_S))
    lets_in, drains = np.ones((len(times), len(links))), np.zeros((len(times), len(links)))
    fades = np.ones((len(times), len(layout.zones)))
    opened = {zone: one.opened(times) for zone, one in facts.items()}
    for at, (begins, ends) in enumerate(links):
        if ends in opened:
            lets_in[~opened[ends], at] = 0.0
        if begins in opened:
            ways = sum(other == begins for other, _ in links)
            drains[~opened[begins], at] = (1.0 - left) / ways
    for row, zone in enumerate(layout.zones):
        if zone in opened and not any(begins == zone for begins, _ in links):
            fades[~opened[zone], row] = left
    return lets_in, drains, fades


def _possible(moved: np.ndarray, people: np.ndarray, sources: np.ndarray, zones: int) -> np.ndarray:
    """(members, links) factors up to 1, so that no more leave a zone than are in it."""
    factor = np.ones_like(moved)
    for zone in range(zones):
        out = sources == zone
        leaving = moved[:, out].sum(axis=1)
        factor[:, out] = np.minimum(people[:, zone] / np.maximum(leaving, 1e-9), 1.0)[:, None]
    return factor
