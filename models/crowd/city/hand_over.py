"""Walkers of the city model handed over to another model and taken back, and links that let fewer people through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city.streets import CAPACITY, PERSON
from models.crowd.city.walkers import NODE

if TYPE_CHECKING:
    from models.crowd.city.city_crowd import CityCrowd


def send_from(crowd: CityCrowd, who: np.ndarray, begin: np.ndarray, goal: np.ndarray, depart_s: np.ndarray) -> None:
    """Send people who have arrived on from other nodes than those where they did.

    Args:
        crowd: The city model.
        who: Their rows.
        begin: Node at which each comes back.
        goal: Node that each makes for; see `CityCrowd.send`.
        depart_s: When (s).
    """
    crowd.walkers.people[who, NODE] = begin
    crowd.send(who, goal, depart_s)


def hold_back(crowd: CityCrowd, links: np.ndarray, flow_ps: np.ndarray) -> None:
    """From now on let at most `flow_ps` people a second through either end of links; almost nobody where it is 0."""
    crowd.streets.links[links, CAPACITY] = np.maximum(1.0, np.rint(flow_ps * crowd.streets.step_s * PERSON))


def takes_in(crowd: CityCrowd, links: np.ndarray) -> np.ndarray:
    """Share of its largest flow that each link takes in at the density of its fullest cell, 0 to 1."""
    supply = crowd.streets.supply
    row = np.rint(crowd.link_density_pm2()[links] * 512).astype(np.int64).clip(0, len(supply) - 1)
    return np.asarray(supply[row] / PERSON)
