"""Walkers of the city model handed over to another model and put back on the streets, and links let less through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city import _cells as kernel
from models.crowd.city.streets import CAPACITY, CELLS, FIRST, PERSON
from models.crowd.city.walkers import (
    BLOCK,
    CELL,
    CLOCK,
    DUE,
    HEADING,
    HERE,
    INSIDE,
    LINK,
    NEXT,
    NODE,
    PAST,
    SINCE,
    TAKEN,
)  # fmt: skip
from models.crowd.city.whereabouts import repace_all

if TYPE_CHECKING:
    from models.crowd.city.city_crowd import CityCrowd


def open_doors(crowd: CityCrowd, links: np.ndarray, headings: np.ndarray) -> None:
    """From now on hand over whoever comes to a link with such a heading (0 from its start), shape (doors,) each."""
    people = crowd.walkers
    if not len(people.taken):
        crowd.population.walkers = people = people._replace(taken=np.zeros(len(people.wake), dtype=np.int32))
    np.bitwise_or.at(people.doors, links, np.left_shift(1, headings).astype(np.uint8))


def shut_doors(crowd: CityCrowd, links: np.ndarray, headings: np.ndarray, shut: np.ndarray) -> None:
    """Have people wait on the streets before those doors that are `shut`, bool, shape (doors,).

    One who comes out changes places with one who waits all the same: see `_kernels.py`.
    """
    bits, doors = np.left_shift(4, headings).astype(np.uint8), crowd.walkers.doors
    np.bitwise_and.at(doors, links, ~bits)
    np.bitwise_or.at(doors, links[shut], bits[shut])


def take_over(crowd: CityCrowd) -> tuple[np.ndarray, np.ndarray]:
    """Who was handed over since this was asked last, in order, and to which link each came; (people,) each."""
    total = crowd.walkers.total
    who = crowd.walkers.taken[: total[TAKEN]].copy()
    total[TAKEN] = 0
    return who, crowd.walkers.people[who, NEXT].copy()


def put_back(crowd: CityCrowd, who: np.ndarray, links: np.ndarray, headings: np.ndarray) -> None:
    """Put people who were handed over at the far end of links, so that they walk on from there: shape (people,) each.

    They stand in the last cell of the link and go on to their goals in the next step, as the street takes them in.
    """
    if not len(who):
        return
    walkers, streets, now = crowd.walkers, crowd.streets, crowd.steps_done
    kernel.bring_all(now - 1, streets, walkers, crowd.thresholds)
    last = streets.links[links, FIRST].astype(np.int64)
    last += np.where(headings == 0, streets.links[links, CELLS].astype(np.int64) - 1, 0)
    cell = np.where(walkers.hot[links] == 1, last, links)
    _bring_empty(cell, now, walkers.cells)
    np.add.at(walkers.cells, (cell, HERE + headings), 1)
    people = walkers.people
    people[who, LINK], people[who, CELL], people[who, HEADING] = links, cell, headings
    people[who, DUE], people[who, PAST] = walkers.cells[cell, CLOCK], 0
    walkers.total[INSIDE] += len(who)
    walkers.wake[who], walkers.arrive_s[who] = now, np.nan
    np.minimum.at(walkers.low, who // BLOCK, walkers.wake[who])
    repace_all(streets, walkers)


def set_out(crowd: CityCrowd, who: np.ndarray, nodes: np.ndarray) -> None:
    """Have people who were handed over set out from nodes, where no link leads to the far end of: (people,) each."""
    walkers = crowd.walkers
    walkers.people[who, NODE], walkers.people[who, DUE], walkers.people[who, PAST] = nodes, 0, 0
    walkers.wake[who], walkers.arrive_s[who] = crowd.steps_done, np.nan
    np.minimum.at(walkers.low, who // BLOCK, walkers.wake[who])


def _bring_empty(cell: np.ndarray, now: int, cells: np.ndarray) -> None:
    """An empty cell's clock has not been looked at for a while: it begins now."""
    empty = cell[(cells[cell, HERE] + cells[cell, HERE + 1] == 0) & (cells[cell, SINCE] < now)]
    cells[empty, SINCE] = now


def hold_back(crowd: CityCrowd, links: np.ndarray, flow_ps: np.ndarray) -> None:
    """From now on let at most `flow_ps` people a second through either end of links; almost nobody where it is 0."""
    crowd.streets.links[links, CAPACITY] = np.maximum(1.0, np.rint(flow_ps * crowd.streets.step_s * PERSON))


def fullness(crowd: CityCrowd, links: np.ndarray, headings: np.ndarray) -> np.ndarray:
    """People who stand on links with a heading: who came out and has not been taken in, int, shape (links,)."""
    return crowd.link_people()[links, headings]
