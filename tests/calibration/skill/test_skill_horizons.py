"""A cycle that looks less far ahead than the others is served all the same."""

from __future__ import annotations

import numpy as np

from calibration.skill import Forecast, Server


def said(source: str, periods: int, made_s: float) -> Forecast:
    members = np.arange(1.0, 5.0)[:, None, None] * np.ones((1, 2, periods))
    return Forecast(source, "flow", ("a", "b"), made_s, made_s, 300.0, members)


def test_a_shorter_horizon_is_served_and_a_longer_one_after_it() -> None:
    server = Server()
    for cycle, periods in enumerate((6, 3, 6, 12)):
        served = server.serve([said("twin", periods, 300.0 * cycle), said("other", periods, 300.0 * cycle)])
        assert served.forecast.members.shape[1:] == (2, periods)
        assert np.isfinite(served.forecast.members).all()
