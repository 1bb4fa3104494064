"""What advice does before the day begins: booked arrivals and other car parks change who comes when, and to where."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.crowd.city.controls.controls import Controls
from models.crowd.city.controls.measures import Parking, Slots
from models.crowd.city.people import DayPeople
from networks.errors import BadInput


@dataclass(frozen=True)
class Wishes:
    """Who comes, with what was changed.

    Attributes:
        people: Everybody, in order of arrival.
        shifted: People who come at another time than they wished.
        shifted_s: By how much in all (person-seconds).
        moved: People who park elsewhere.
    """

    people: DayPeople
    shifted: int
    shifted_s: float
    moved: int


def wishes_under(controls: Controls, people: DayPeople) -> Wishes:
    """Everybody's arrival and source when those who follow have booked and are guided.

    Groups book in the order in which they wished to come; who does not book comes as wished and takes a place in
    the slot, too. Within a slot everybody keeps the second that was wished.

    Raises:
        BadInput: There are measures, and nobody drew who follows.
    """
    if controls.measures and not len(people.follow_u) == len(people.taste_u):
        raise BadInput("nobody drew who follows advice", expected="`DayPeople.follow_u`, one draw a group")
    if not len(people):
        return Wishes(people, 0, 0.0, 0)
    party, first, size = np.unique(people.party, return_index=True, return_counts=True)
    follows = controls.follows(people.follow_u)[party] if controls.measures else np.zeros(len(party), dtype=bool)
    when, source = people.arrive_s[first].copy(), people.source[first].copy()
    for slots in controls.of(Slots):
        when = _booked(slots, when, size, follows)
    moved = 0
    for parking in controls.of(Parking):
        there = np.flatnonzero(follows & (source == parking.source))
        there = there[np.argsort(when[there], kind="stable")]
        goes = there[np.cumsum(size[there]) <= parking.places]
        source[goes] = parking.instead
        moved += int(size[goes].sum())
    row = np.searchsorted(party, people.party)
    later = when[row] - people.arrive_s
    if not later.any() and not moved:
        return Wishes(people, 0, 0.0, 0)
    order = np.argsort(when[row], kind="stable")
    changed = replace(
        people,
        arrive_s=when[row][order],
        source=source[row][order].astype(np.int32),
        party=people.party[order],
        age=people.age[order],
        speed_mps=people.speed_mps[order],
        visits=people.visits[order],
    )
    return Wishes(changed, int((later != 0).sum()), float(np.abs(later).sum()), moved)


def _booked(slots: Slots, when: np.ndarray, size: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """Times of arrival, shape (groups,), after booking."""
    slot = np.floor(when / slots.slot_s).astype(np.int64)
    reach = int(slots.furthest_s // slots.slot_s)
    count = int(slot.max()) + reach + 1
    taken = np.bincount(slot[~follows], weights=size[~follows], minlength=count)
    new = slot.copy()
    away = np.array(sorted(range(-reach, reach + 1), key=lambda step: (abs(step), step)))
    for group in np.flatnonzero(follows)[np.argsort(when[follows], kind="stable")].tolist():
        near = slot[group] + away
        near = near[near >= 0]
        free = near[taken[near] + size[group] <= slots.people]
        new[group] = free[0] if len(free) else slot[group]
        taken[new[group]] += size[group]
    return np.asarray(when + (new - slot) * slots.slot_s)
