"""Recommendations and files of authority for the desk's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)


class Watch:
    """A wall clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def plan(light: str = "A1", greens: tuple[float, float] = (30.0, 20.0), **more: Any) -> dict[str, Any]:
    first, second = greens
    phases = [
        {"duration_s": first, "state": "GGrr"},
        {"duration_s": 4.0, "state": "yyrr"},
        {"duration_s": second, "state": "rrGG"},
        {"duration_s": 4.0, "state": "rryy"},
    ]
    return {"kind": "signal_plan", "plans": [{"tls_id": light, "offset_s": 0.0, "phases": phases}]} | more


def paper(rec_id: str = "rec-1", **more: Any) -> dict[str, Any]:
    """Six seconds more green at A1, with all that a recommendation of today says."""
    return {
        "rec_id": rec_id,
        "kind": "signal_timing",
        "created": NOON.isoformat(),
        "valid_until": (NOON + timedelta(minutes=30)).isoformat(),
        "title": {"en": "Longer green", "zh": "延长绿灯"},
        "action": [plan(greens=(36.0, 14.0))],
        "before": [plan()],
        "rests_on_assets": {"signal:A1": "before"},
        "effect": {"verdict": "better"},
        "alternatives": [
            {"name": "shorter", "title": {"en": "x", "zh": "x"}, "action": [plan(greens=(33.0, 17.0))]},
            {"name": "told only", "title": {"en": "x", "zh": "x"}},
        ],
    } | more


def closure(rec_id: str = "close-1", **more: Any) -> dict[str, Any]:
    """Something dangerous: a street of its own is closed."""
    action = [{"kind": "road_closure", "edges": [rec_id]}]
    return paper(rec_id, kind="diversion", action=action, before=[], rests_on_assets={}, **more)


def at_light(light: str) -> dict[str, Any]:
    """What a `paper` about another signal says."""
    return {"action": [plan(light, (36.0, 14.0))], "before": [plan(light)], "rests_on_assets": {}}


BOUNDED = """\
autonomy:
  assets:
    - {assets: ["signal:A*"], level: bounded}
bounds:
  - id: small-green
    kinds: [signal_plan]
    assets: ["signal:A*"]
    hours: 06:00-22:00
    per_hour: 2
    limits: {duration_s: [4, 60]}
    changes_at_most: {duration_s: 8}
"""
