"""Which forecast is served where: the twin's, a mixture by measured skill, or the better baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibration.skill.following import Array
from calibration.skill.forecast import Forecast, even_shares, quantiles
from calibration.skill.ledger import SERVED
from calibration.skill.outcome import Outcome
from calibration.skill.standing import Standing

MIXED = "mixed"
"""The mixture of all sources, kept in the ledger as a source of its own."""
MEMBERS = 19
MARGIN = 0.05
"""A single source is served in place of the mixture where its CRPS is better by this share (guess)."""
_POWER = 4.0
_UNKNOWN = 1e9
"""Behind all who were scored, before all who say nothing."""


@dataclass(frozen=True)
class Served:
    """The answer for one quantity.

    Attributes:
        forecast: What is served; its source is "served".
        mixed: The mixture that it could be, source "mixed", before its intervals were widened.
        by: Which source is served at each place and horizon (N, H).
        weights: Of each source in the mixture, source -> (N, H).
        width: By what the served intervals were widened (N, H).
    """

    forecast: Forecast
    mixed: Forecast
    by: NDArray[np.str_]
    weights: dict[str, Array]
    width: Array


class Server:
    """Serves forecasts by what was measured of their sources: feed it with outcomes, ask it every cycle.

    At each place and horizon the source with the least mean CRPS is served, the mixture being one of them. Weights of
    the mixture go by 1 / CRPS^4, and quantiles are averaged (Vincent's way), so that its CRPS is never above the
    weighted mean of theirs. Intervals are widened or narrowed until they hold what they should, in the whole (by
    source and horizon) and at places that surprise now. Before anything was scored the mixture has equal weights.
    """

    def __init__(self) -> None:
        self._standing: dict[str, Standing] = {}
        self._early: list[Outcome] = []

    def learn(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what `Ledger.settle` gave, or all of `Ledger.settled` after a restart."""
        moments: dict[tuple[str, float], list[Outcome]] = {}
        for one in outcomes:
            if one.source != SERVED:
                moments.setdefault((one.quantity, one.begin_s), []).append(one)
        for (quantity, _), told in sorted(moments.items()):
            if quantity in self._standing:
                self._standing[quantity].learn(told)
            else:
                self._early += told

    def serve(self, forecasts: Sequence[Forecast]) -> Served:
        """What is served, of forecasts that agree on quantity, places and periods.

        Raises:
            ValueError: None is given, or they do not agree.
        """
        shape = _agreed(forecasts)
        first = forecasts[0]
        standing = self._of(first, shape[1])
        told = {one.source: quantiles(one.members, even_shares(MEMBERS)) for one in forecasts}
        share = _weights(
            standing.lead(list(told))[..., : shape[1]], np.stack([~np.isnan(said[0]) for said in told.values()])
        )
        weights = dict(zip(told, share, strict=True))
        mixture = sum((weights[name] * np.nan_to_num(said) for name, said in told.items()), np.zeros((MEMBERS, *shape)))
        told[MIXED] = np.where(share.sum(axis=0) > 0, mixture, np.nan)
        names = [MIXED, *(name for name in told if name != MIXED)]
        lead = np.nan_to_num(standing.lead(names)[..., : shape[1]], nan=_UNKNOWN)
        lead[0] -= MARGIN
        best = np.where(np.stack([np.isnan(told[name][0]) for name in names]), np.inf, lead).argmin(axis=0)
        width = np.take_along_axis(
            np.stack([standing.width(name)[:, : shape[1]] for name in names]), best[None], axis=0
        )[0]
        chosen = np.take_along_axis(np.stack([told[name] for name in names]), best[None, None], axis=0)[0]
        middle = quantiles(chosen, [0.5])[0]
        members = np.maximum(middle + width * (chosen - middle), 0.0)
        return Served(
            replace(first, source=SERVED, members=members), replace(first, source=MIXED, members=told[MIXED]),
            np.array(names)[best], weights, width,
        )  # fmt: skip

    def _of(self, forecast: Forecast, periods: int) -> Standing:
        quantity = forecast.quantity
        known = self._standing.get(quantity)
        if known is None or known.places != forecast.places or known.periods < periods:
            self._standing[quantity] = Standing(forecast.places, periods, forecast.period_s)
            early, self._early = self._early, []
            self.learn(early)
        return self._standing[quantity]


def _agreed(forecasts: Sequence[Forecast]) -> tuple[int, int]:
    if not forecasts:
        raise ValueError("nothing to serve")
    told = {
        (one.quantity, one.places, one.made_s, one.begin_s, one.period_s, one.members.shape[2]) for one in forecasts
    }
    if len(told) > 1 or len({one.source for one in forecasts}) < len(forecasts):
        raise ValueError("forecasts to serve are not of the same quantity, places and periods by different sources")
    return len(forecasts[0].places), forecasts[0].members.shape[2]


def _weights(lead: Array, speaks: NDArray[np.bool_]) -> Array:
    """(S, N, H) by 1 / CRPS^4 among those that speak; who was never scored like the usual one; all 0: nobody speaks."""
    raw = np.where(speaks, np.exp(-_POWER * np.nan_to_num(lead)), 0.0)
    return np.asarray(raw / np.maximum(raw.sum(axis=0), 1e-300), dtype=np.float64)
