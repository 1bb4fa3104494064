"""A state and an hour that are made up: every street moves in every cycle, and each layer has something to show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.live import SURE, Hour

if TYPE_CHECKING:
    from benchmarks.cockpit.wide_city import WideCity

BEGIN = datetime(2026, 5, 4, 6, tzinfo=UTC)
STEPS, STEP_S, PEOPLE = 12, 300.0, 5000


class MadeUp:
    """What a loop would tell.

    Args:
        city: Where.
        seed: Of every draw.
    """

    def __init__(self, city: WideCity, seed: int = 1) -> None:
        self.city, self.cycle = city, 0
        draw = np.random.default_rng(seed)
        edges = city.layer("edges")
        self._phase = draw.uniform(0, 2 * np.pi, len(edges))
        self._usual = draw.beta(4, 2, len(edges))
        links = len(city.layer("walk_links"))
        self._links = draw.choice(links, size=min(PEOPLE, links), replace=False)
        self._sure = draw.choice(
            [SURE["no_skill"], SURE["unchecked"], SURE["skilled"]], (len(edges),), p=[0.08, 0.7, 0.22]
        )
        self._still = self._standing()
        self._hour = self._make()

    def next_cycle(self) -> None:
        """The next cycle ends."""
        self.cycle += 1
        self._hour = self._make()

    def hour(self) -> Hour:
        """Of the last cycle."""
        return self._hour

    def state(self) -> dict[str, Any]:
        """As the loop tells it."""
        now = BEGIN + timedelta(seconds=STEP_S * self.cycle + 70)
        feeds = [{"name": "vehicle_count", "last_s_ago": 41.0, "count": 812, "status": "ok"}]
        figures = [
            {"key": "vehicles", "value": 4120 + 7 * self.cycle, "unit": "vehicles", "trend": 12},
            {"key": "demand_factor", "value": 1.07, "unit": ""},
            {"key": "max_depth_m", "value": 0.22, "unit": "m"},
            {"key": "site_alarms", "value": 1, "unit": ""},
        ]
        log = [{"time": now.isoformat(), "en": f"cycle {self.cycle} is over", "zh": f"第{self.cycle}轮结束"}]
        return {
            "now": now.isoformat(timespec="seconds"), "speed": 1.0, "held": False, "busy": "", "mode": "live",
            "figures": figures, "feeds": feeds, "hour": self._hour.head(), "recommendations": [], "log": log,
            "occupancy": None,
            "forecast": {"members": 16, "horizon_s": STEPS * STEP_S},
        }  # fmt: skip

    def _make(self) -> Hour:
        at = self.cycle + np.arange(STEPS)[:, None]
        wave = 0.35 * np.sin(self._phase[None] + at * 0.5)
        ratio = np.clip(self._usual[None] + wave, 0.02, 1.0)
        queue = np.where(ratio < 0.3, (0.35 - ratio) * 2.5, 0.0)
        spread = np.broadcast_to(0.05 + 0.02 * np.arange(STEPS)[:, None], ratio.shape)
        sure = np.broadcast_to(self._sure, ratio.shape).astype(np.uint8)
        links = [int(one) for one in self._links]
        crowd = [[(link, 0.1 + (link * 7 + step) % 30 / 10) for link in links] for step in range(STEPS)]
        made_at = BEGIN + timedelta(seconds=STEP_S * self.cycle)
        return Hour(f"cycle-{self.cycle}", made_at, STEP_S, ratio, sure, queue, spread, crowd=crowd, rows=self._still)

    def _standing(self) -> dict[str, list[dict[str, Any]]]:
        from twin.live.rows_now import camera_rows, park_rows, places_in, signal_rows

        city: Any = self.city
        places = list(places_in(city, "edges", "edge_id").values())
        some = places[:: max(len(places) // 40, 1)]
        made = {"ponds": _ponds(some[:7]), "sites": _sites(some[8:12]), "sensors": _sensors(some[12:])}
        still = {"cameras": camera_rows(city), "parks": park_rows(city), "signals": signal_rows(city)}
        units = [_at(f"amb-{k}", one) | {"state": "busy" if k == 1 else "free"} for k, one in enumerate(some[3:30:9])]
        return made | still | {"units": units, "areas": _areas(len(places))}


def _at(name: str, place: tuple[float, float] | None, title: str = "") -> dict[str, Any]:
    return {"id": name, "name": title, "lon": place[0] if place else None, "lat": place[1] if place else None}


def _ponds(places: Sequence[tuple[float, float]]) -> list[dict[str, Any]]:
    depth = [round(0.02 * k, 2) for k in range(STEPS)]
    course = {"depth_m": depth, "low": [max(one - 0.05, 0.0) for one in depth], "high": [one + 0.08 for one in depth]}
    times = ((0.0, 0.0), (2400.0, 1200.0), (None, 1500.0), (None, None))
    told = [{"reach_s": reach, "sooner_s": sooner, "limit_m": 0.15} for reach, sooner in times]
    return [_at(f"gauge-{k}", one) | course | told[min(k, 3)] for k, one in enumerate(places)]


def _sites(places: Sequence[tuple[float, float]]) -> list[dict[str, Any]]:
    people = [820 + 15 * k for k in range(STEPS)]
    course = {"people": people, "low": [one - 60 for one in people], "high": [one + 90 for one in people]}
    return [_at(f"site-{k}", one, f"Museum {k}") | course | {"holds": 900 + 400 * k} for k, one in enumerate(places)]


def _sensors(places: Sequence[tuple[float, float]]) -> list[dict[str, Any]]:
    status = ("ok", "ok", "late", "silent")
    return [_at(f"d{k}", one) | {"status": status[k % 4], "fault": None} for k, one in enumerate(places)]


def _areas(edges: int) -> list[dict[str, Any]]:
    rows, found = list(range(edges)), []
    for late, name, part in ((0, "north", rows[::6]), (90, "south", rows[3::6])):
        times = [420 + 12 * k + late for k in range(STEPS)]
        found.append(
            _at(name, None, name) | {"edges": part, "target_s": 480, "time_s": times, "low": times, "high": times}
        )
    return found
