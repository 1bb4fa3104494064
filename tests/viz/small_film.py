"""Half an hour of a small town as a film: six forecasts, and a decision between two of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from small_server import state_of
from small_town import recommendation, small_city

from twin.film import FilmFolder
from twin.live.hour import SURE, Hour
from viz import base_layers

BEGIN = datetime.fromisoformat("2026-07-17T18:00:00+03:00")
ASKED = "n3_2"


def small_film(folder: Path, minutes: int = 30, kept: timedelta = timedelta(hours=24)) -> FilmFolder:
    """A film of so many minutes, looked at each minute; an approval at the twelfth."""
    city = small_city()
    film = FilmFolder(folder, kept)
    film.open(base_layers(city))
    count = len(city.layer("edges"))
    for minute in range(minutes):
        cycle = minute - minute % 5
        hour = hour_of(BEGIN + timedelta(minutes=cycle), count, cycle)
        film.take(state(city, minute, hour), hour)
    return film


def state(city: Any, minute: int, hour: Hour) -> dict[str, Any]:
    """What was shown at a minute."""
    rec = recommendation("signal_timing", {"en": "Shift greens", "zh": "调整绿灯"}, "better", -12.0)
    rec |= {"rec_id": "rec-1", "edges": [ASKED], "valid_until": (BEGIN + timedelta(minutes=40)).isoformat()}
    rec["streets"] = [{"edge": ASKED, "difference": -3.2, "low": -5.0, "high": -1.4, "base": 9.0}]
    if minute >= 12:
        rec |= {"status": "approved", "who": "Olga", "reason": "seen on camera 12"}
    told = state_of(city, minute=0, recommendations=[rec])
    now = (BEGIN + timedelta(minutes=minute)).isoformat()
    return told | {"now": now, "speed": 1, "labels": None, "hour": hour.head(), "units": [], "calls": []}


def hour_of(made_at: datetime, count: int, cycle: int) -> Hour:
    """Streets that grow slower with each cycle."""
    ratio = np.clip(np.tile(np.linspace(1.0, 0.5, count), (12, 1)) - cycle / 50, 0.05, 1.0)
    sure = np.full(ratio.shape, SURE["skilled"], dtype=np.uint8)
    camera = {"id": "cam-1", "name": "Camera 1", "lon": 24.94, "lat": 60.165, "sees": [], "heading_known": False}
    rows = {"cameras": [camera | {"stream": "https://user:secret@cameras.example/1"}]}
    return Hour(f"run-{cycle}", made_at, 300.0, ratio, sure, rows=rows)
