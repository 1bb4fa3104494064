"""A day of visitors in a city: who comes, from where, to which sites, what is shut, and how the day went."""

from __future__ import annotations

from scenarios.visits.library import library_days
from scenarios.visits.reading import default_day, read_visit_day
from scenarios.visits.shut_paths import ShutPaths
from scenarios.visits.sources import DaySource, sources_on_map
from scenarios.visits.visit_day import VisitDay, city_day

__all__ = [
    "DaySource", "ShutPaths", "VisitDay", "city_day", "default_day", "library_days", "read_visit_day", "sources_on_map",
]  # fmt: skip
