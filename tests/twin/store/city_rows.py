"""Small rows whose right answer is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from calibration import Observation
from twin.feeds import KINDS, Arrival, Frame, Place, Position, Record, Situation, Told
from twin.store import FeedStore

DAY = datetime(2026, 11, 1, 23, 50, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after ten to midnight."""
    return DAY + timedelta(seconds=seconds)


def seen(
    sensor: str = "E1", begin: float = 0, result: float | None = 1.0, told: float = 60, **more: Any
) -> Observation:
    """An observation."""
    return Observation(sensor, "flow", at(begin), 60.0, result, "good", at(told), **more)


ONE_OF_EACH: tuple[Record, ...] = (
    seen(result=None, details={"kind": "灯", "n": [1, 2]}),
    Position("bus 7", at(1), 24.9, 60.1, at(2), "bus", speed_mps=8.0, details={"doors": True}),
    Arrival("run 5", "2026-11-01", "stop 9", 3, at(0), arrives=at(60), delay_s=-12.0),
    Situation("s1", "", at(3), "closure", at(0), area={"type": "Point", "coordinates": [24, 60]}, words={"fi": "ö"}),
    Place("E1", "detector", at(4), 24.9, 60.1, "Bridge", 12.0, {"lanes": 2}),
    Frame("rain", at(5), at(6), "dBZ", "EPSG:3067", 2, 3, (0.0, 1.0, 2.0, 3.0), 0.5, 42.0),
)


def told_by(rows: list[Told]) -> dict[str, dict[tuple[Any, ...], tuple[int, Record]]]:
    """The plain answer: table -> key -> (number, row) that holds, of one feed's rows in the order of their messages."""
    answer: dict[str, dict[tuple[Any, ...], tuple[int, Record]]] = {name: {} for name in KINDS}
    for number, row in rows:
        name = next(name for name, kind in KINDS.items() if kind.row is type(row))
        kind = KINDS[name]
        key = tuple(getattr(row, column) for column in kind.key)
        before = answer[name].get(key)
        if before is None or getattr(before[1], kind.told) <= getattr(row, kind.told):
            answer[name][key] = (number, row)
    return answer


def held_by(store: FeedStore, series: str, **wish: Any) -> dict[tuple[Any, ...], tuple[int, Record]]:
    """What a store reads, in the same shape; a key that comes twice is a failure."""
    from twin.store.columns import records_of

    table = store.read(series, **wish)
    found: dict[tuple[Any, ...], tuple[int, Record]] = {}
    for number, row in zip(table["number"].to_pylist(), records_of(series, table), strict=True):
        key = tuple(getattr(row, column) for column in KINDS[series].key)
        assert key not in found, f"{key} came twice"
        found[key] = (number, row)
    return found
