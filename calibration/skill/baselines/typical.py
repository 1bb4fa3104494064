"""Typical days: past days gathered by their shape, and which of them a day is, by how it went so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.skill.baselines.past import Array, Past, mean_known

LEAST_DAYS = 2
"""A kind of days has so many at least."""
MOST_KINDS = 5
STRUCTURE = 0.5
"""Kinds are told apart where their mean silhouette is above this ("a reasonable structure": Kaufman & Rousseeuw,
Finding Groups in Data, 1990, table 4)."""
_SMOOTH_S = 1800.0
_TRAITS = 3


@dataclass(frozen=True)
class TypicalDays:
    """Kinds of days.

    Attributes:
        kinds: Kind of each past day (D), 0 the most frequent.
        courses: Mean day of each kind (K, N, T); NaN where no day says anything.
        sums, counts: Of each kind (K, N, T), so that one day can be left out of its own mean.
    """

    kinds: NDArray[np.intp]
    courses: Array
    sums: Array
    counts: Array

    def kind_of(self, so_far: Array) -> int:
        """The kind that a day is nearest to, by its values so far (N, t); the most frequent one before any."""
        if len(self.courses) == 1 or not so_far.shape[1] or np.isnan(so_far).all():
            return 0
        steps = so_far.shape[1]
        size = np.maximum(np.sqrt(mean_known(np.square(self.courses[0]), axis=1)), 1e-9)[:, None]
        apart = [np.square((so_far - one[:, :steps]) / size) for one in self.courses]
        return int(np.argmin([float(np.nanmean(one)) for one in apart]))

    def without(self, day: int, value: Array) -> Array:
        """Mean (N, T) of a past day's kind without that day; of all other days where it is alone."""
        kind = int(self.kinds[day])
        known = ~np.isnan(value)
        sums, counts = self.sums[kind], self.counts[kind]
        if (self.kinds == kind).sum() == 1:
            sums, counts = self.sums.sum(axis=0), self.counts.sum(axis=0)
        sums, counts = sums - np.where(known, value, 0.0), counts - known
        return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan), dtype=np.float64)


def typical_days(past: Past) -> TypicalDays:
    """Gather past days by shape: Ward's trees on the days' main components, cut where the kinds stand apart most."""
    kinds = _by_size(_cut(_traits(past)))
    known = ~np.isnan(past.values)
    groups = range(int(kinds.max()) + 1)
    sums = np.stack([np.where(known, past.values, 0.0)[kinds == kind].sum(axis=0) for kind in groups])
    counts = np.stack([known[kinds == kind].sum(axis=0) for kind in groups]).astype(np.float64)
    every = counts.sum(axis=0)
    usual = np.where(every > 0, sums.sum(axis=0) / np.maximum(every, 1), np.nan)
    courses = np.where(counts > 0, sums / np.maximum(counts, 1), usual)
    return TypicalDays(kinds, courses, sums, counts)


def _traits(past: Past) -> Array:
    """(D, at most _TRAITS) main components of the days' courses in half hours, each place in its own spread."""
    days, _, periods = past.values.shape
    step = max(1, round(_SMOOTH_S / past.period_s))
    cuts = range(0, periods, step)
    rough = np.stack([mean_known(past.values[:, :, cut : cut + step], axis=2) for cut in cuts], axis=2)
    usual = mean_known(rough)
    away = np.nan_to_num(rough - usual)
    size = np.sqrt(np.square(away).mean(axis=(0, 2))) + 1e-9
    left, spread, _ = np.linalg.svd((away / size[None, :, None]).reshape(days, -1), full_matrices=False)
    return np.asarray((left * spread)[:, :_TRAITS], dtype=np.float64)


def _cut(traits: Array) -> NDArray[np.intp]:
    from scipy.cluster.hierarchy import fcluster, linkage

    best, kinds = STRUCTURE, np.zeros(len(traits), dtype=np.intp)
    if len(traits) < 2 * LEAST_DAYS:
        return kinds
    tree = linkage(traits, "ward")
    for count in range(2, min(MOST_KINDS, len(traits) // LEAST_DAYS) + 1):
        found = fcluster(tree, count, "maxclust") - 1
        score = _silhouette(traits, found)
        if np.bincount(found).min() >= LEAST_DAYS and score > best:
            best, kinds = score, found.astype(np.intp)
    return kinds


def _silhouette(traits: Array, kinds: NDArray[np.intp]) -> float:
    """Mean silhouette (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7); a day alone in its kind counts as 0."""
    apart = np.sqrt(np.square(traits[:, None] - traits).sum(axis=2))
    of_kind = kinds[None, :] == np.unique(kinds)[:, None]
    means = apart @ of_kind.T / of_kind.sum(axis=1)
    own = of_kind.T
    size = of_kind.sum(axis=1)[kinds]
    near = means[own] * size / np.maximum(size - 1, 1)
    far = np.where(own, np.inf, means).min(axis=1)
    return float(np.mean(np.where(size > 1, (far - near) / np.maximum(np.maximum(near, far), 1e-12), 0.0)))


def _by_size(kinds: NDArray[np.intp]) -> NDArray[np.intp]:
    order = np.argsort(-np.bincount(kinds), kind="stable")
    return np.asarray(np.argsort(order)[kinds], dtype=np.intp)
