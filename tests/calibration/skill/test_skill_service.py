"""Served and judged in one place: the ledger keeps from whom each place and period was served."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np

from calibration.skill import Forecast, Ledger, Outcome, Seen, Service

PLACES = ("near", "far")
PERIOD_S = 300.0


def said(source: str, made_s: float, near: float, far: float) -> Forecast:
    spread = np.linspace(-1.0, 1.0, 9)[:, None, None]
    middle = np.array([near, far])[None, :, None]
    return Forecast(source, "flow", PLACES, made_s, made_s, PERIOD_S, np.repeat(middle + spread, 2, axis=2))


def test_from_whom_it_was_served_is_kept_by_place_and_period(tmp_path: Path) -> None:
    service = Service(tmp_path)
    truth = np.full((2, 40), 50.0)
    told = {}
    for turn in range(40):
        now_s = PERIOD_S * turn
        service.settle([Seen("flow", PLACES, 0.0, PERIOD_S, truth[:, :turn])], now_s)
        served = service.serve([said("twin", now_s, 50.2, 90.0), said("blend", now_s, 10.0, 49.9)])
        told |= {(now_s, place, at): str(served.by[row, at]) for row, place in enumerate(PLACES) for at in (0, 1)}
    assert {told[PERIOD_S * 38, "near", 0], told[PERIOD_S * 38, "far", 0]} == {"twin", "blend"}
    kept = {
        (one.made_s, str(place), round((one.begin_s - one.made_s) / PERIOD_S)): str(by)
        for one in Ledger(tmp_path).settled()
        if one.source == "served"
        for place, by in zip(one.places, one.by, strict=True)
    }
    assert len(kept) > 100
    assert kept == {key: told[key] for key in kept}


def test_what_was_judged_is_on_the_disk_and_not_in_memory(tmp_path: Path) -> None:
    service, gained = Service(tmp_path), []
    for turn in range(12):
        now_s = PERIOD_S * turn
        service.settle([Seen("flow", PLACES, 0.0, PERIOD_S, np.full((2, turn), 50.0))], now_s)
        service.serve([said("twin", now_s, 50.2, 49.0), said("blend", now_s, 10.0, 9.9)])
        gained.append(service.gain)
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, Outcome)]
    assert gained[0] is None and gained[-1] is not None and gained[-1] > 0.8
    assert Service(tmp_path).gain == gained[-1]


def test_a_service_of_days_is_opened_by_what_still_counts(tmp_path: Path) -> None:
    """Three days in steps of an hour; of the first, no file can be read: what is served stays nearly the same."""
    service, seen = Service(tmp_path), np.full((2, 1000), 50.0)
    for hour in range(72):
        now_s = 3600.0 * hour
        service.settle([Seen("flow", PLACES, 0.0, PERIOD_S, seen[:, : 12 * hour])], now_s)
        service.serve([said("twin", now_s, 50.2, 90.0), said("blend", now_s, 10.0, 49.9)])
    for kind in ("issued", "settled"):
        for path in sorted((tmp_path / kind).glob("*.parquet"))[:24]:
            path.write_text("no")
    last_s = 72 * 3600.0
    last = [said("twin", last_s, 50.2, 90.0), said("blend", last_s, 10.0, 49.9)]
    again = Service(tmp_path)
    told, kept = (one.serve(last) for one in (again, service))
    assert told.by.tolist() == kept.by.tolist()
    for source, weight in kept.weights.items():
        np.testing.assert_allclose(told.weights[source], weight, atol=0.02)
