"""Words of SIRI 2.0 and 2.1 (CEN/TS 15531), and what they are to this twin."""

from __future__ import annotations

SPACE = "http://www.siri.org.uk/siri"

OCCUPANCIES = frozenset(
    {
        *("empty", "manySeatsAvailable", "fewSeatsAvailable", "seatsAvailable", "standingAvailable", "full"),
        *("standingRoomOnly", "crushedStandingRoomOnly", "notAcceptingPassengers", "unknown", "undefined"),
    }
)
"""OccupancyEnumeration: words, no shares; they are kept as they stand."""
MODES = {
    "bus": "bus",
    "coach": "bus",
    "trolleyBus": "bus",
    "tram": "tram",
    "rail": "train",
    "metro": "metro",
    "underground": "metro",
    "ferry": "ferry",
    "water": "ferry",
    "taxi": "taxi",
}
"""VehicleMode -> kind of a position; other words are kept as they stand."""
NOT_SERVED = frozenset({"cancelled", "missed", "notExpected"})
"""ArrivalStatus and DepartureStatus of a call that does not take place."""
SEVERITIES = {
    "verySevere": "extreme",
    "severe": "severe",
    "normal": "moderate",
    "slight": "minor",
    "verySlight": "minor",
    "noImpact": "minor",
    "unknown": "unknown",
    "undefined": "unknown",
}
RANKS = ("unknown", "minor", "moderate", "severe", "extreme")
PROGRESS = {
    "draft": "draft",
    "pendingApproval": "draft",
    "approvedDraft": "draft",
    "open": "actual",
    "published": "actual",
    "updated": "actual",
    "closing": "actual",
    "closed": "ended",
    "withdrawn": "cancelled",
}
REALITIES = {"real": "actual", "securityExercise": "exercise", "technicalExercise": "exercise", "test": "test"}

_CAUSES = {
    "accident": ("accident", "collision", "derailment"),
    "roadworks": ("roadworks", "maintenanceWork", "constructionWork", "repairWork", "roadMaintenance"),
    "closure": ("roadClosed", "routeBlockage", "lineBlocked"),
    "flood": ("flooding", "flood"),
    "weather": ("snow", "heavySnowFall", "ice", "heavyRain", "storm", "fog", "roughSea", "avalanches", "badWeather"),
    "fire": ("fire",),
    "event": ("specialEvent", "march", "procession", "demonstration", "publicEvent", "footballMatch"),
    "congestion": ("congestion", "trafficJam"),
}


def kind_of_road(cause: str) -> str:
    """What a situation on a road is about."""
    return next((kind for kind, causes in _CAUSES.items() if cause in causes), "other")
