"""A way held against the worlds of a flood forecast: in which of them it is open whenever it is passed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scenarios.emergency.service import Service


def worlds_of(service: Service) -> np.ndarray:
    """(worlds, edges) s from which on each world shuts each road to the class; one world without water if dry."""
    water = service.roads.water
    return np.full((1, service.roads.router.edges), np.inf) if water is None else np.asarray(water.worlds_s)


def open_in(service: Service, edges: Sequence[str], entered_s: Sequence[float]) -> np.ndarray:
    """(worlds,) True where no road of a way is shut when it is entered; the first counts not, somebody stands there."""
    return open_along(worlds_of(service), [service.index[edge] for edge in edges], entered_s)


def open_along(worlds_s: np.ndarray, at: Sequence[int], entered_s: Sequence[float]) -> np.ndarray:
    """The same for roads by their place in worlds (worlds, edges) of moments from which on each is shut."""
    later = worlds_s[:, list(at[1:])] > np.asarray(entered_s[1:], dtype=float)
    return np.asarray(later.all(axis=1))
