"""Gradient boosting on lags: how today differs from the usual day now, and what that made of the next hour before."""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib.util import find_spec
from typing import Any

import numpy as np

from calibration.skill.baselines.past import Array, Past, ahead, last_known, mean_known
from calibration.skill.baselines.rules import origins
from calibration.skill.baselines.typical import typical_days
from models.streams import stream
from networks import BadInput
from networks.sentence import Sentence, say

LAGS = 6
MOST_ROWS = 120_000
"""More cases than this are drawn from, so that learning takes seconds."""
_ORIGINS = 48


def boosting_missing() -> Sentence | None:
    """Why gradient boosting cannot be had here, and what to do; None where it can."""
    if find_spec("sklearn") is not None:
        return None
    return say(
        "gradient boosting is left out: scikit-learn is not installed (pip install 'citytwin[skill]')",
        "未纳入梯度提升：未安装 scikit-learn（pip install 'citytwin[skill]'）",
    )


class Boosting:
    """scikit-learn's HistGradientBoostingRegressor on lags, one model for all places and horizons.

    It learns how far a value will be from the usual one, in the place's own spread, from the last differences there
    and in the whole town, the time of day, the horizon and what is usual now and then; absolute errors, so that it
    says medians.

    Args:
        past: The days.
        seed: Draws the cases that are learned from.

    Raises:
        BadInput: scikit-learn is not installed.
    """

    def __init__(self, past: Past, *, seed: int = 1, rounds: int = 120, periods: int = 12) -> None:
        if boosting_missing():
            raise BadInput("scikit-learn is not installed", remedy="pip install 'citytwin[skill]'")
        from sklearn.ensemble import HistGradientBoostingRegressor

        self._days, self._around, self._length = typical_days(past), past.around, past.values.shape[2]
        away = past.values - self._days.courses[self._days.kinds]
        self._size = np.nan_to_num(np.sqrt(mean_known(np.square(away).swapaxes(0, 1).reshape(len(past.places), -1), 1)))
        self._size += 1e-6
        rows, came = self._cases(past, periods)
        pick = stream(seed, "boosting").permutation(len(rows))[:MOST_ROWS]
        self._model = HistGradientBoostingRegressor(
            loss="absolute_error", max_iter=rounds, learning_rate=0.08, min_samples_leaf=40, early_stopping=False,
            random_state=0,
        )  # fmt: skip
        with _one_thread():
            self._model.fit(rows[pick], came[pick])

    def __call__(self, so_far: Array, periods: int) -> Array:
        """Medians; the usual day where nothing of today is known."""
        course = self._days.courses[self._days.kind_of(so_far)]
        usual = ahead(course, so_far.shape[1], periods, around=self._around)
        with _one_thread():
            said = self._model.predict(self._rows(so_far, course, usual)).reshape(usual.shape)
        return np.asarray(usual + said * self._size[:, None], dtype=np.float64)

    def _cases(self, past: Past, periods: int) -> tuple[Array, Array]:
        rows, came = [], []
        for day, values in enumerate(past.values):
            course = self._days.without(day, values)
            for now in origins(self._length, _ORIGINS):
                usual = ahead(course, int(now), periods, around=False)
                rows.append(self._rows(values[:, :now], course, usual))
                came.append(((ahead(values, int(now), periods, around=False) - usual) / self._size[:, None]).ravel())
        table, target = np.concatenate(rows), np.concatenate(came)
        good = ~np.isnan(target)
        return table[good], target[good]

    def _rows(self, so_far: Array, course: Array, usual: Array) -> Array:
        """(N x H, features): place by place, horizon by horizon."""
        places, periods = usual.shape
        now = so_far.shape[1]
        size = self._size[:, None]
        away = (so_far - course[:, :now]) / size
        lags = np.full((places, LAGS), np.nan)
        known = min(LAGS, now)
        lags[:, :known] = away[:, now - known :][:, ::-1]
        town = np.full(places, np.nan if np.isnan(lags[:, 0]).all() else np.nanmean(lags[:, 0]))
        last = (last_known(so_far)[:, None] - usual) / size
        at_place = np.column_stack([lags, town, np.full(places, now / self._length), np.log(self._size)])
        of_each = np.stack([last, usual / size, np.broadcast_to(np.arange(periods), usual.shape)], axis=2)
        return np.concatenate([np.repeat(at_place, periods, axis=0), of_each.reshape(places * periods, -1)], axis=1)


def _one_thread() -> AbstractContextManager[Any]:
    """OpenMP's threads wait by spinning: beside simulations on the other cores they cost more than they bring."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(1, user_api="openmp")
    return limits
