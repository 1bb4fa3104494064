"""What visitors come for: sites with gates, area, stay, hours and approved capacity, from a file or the map."""

from __future__ import annotations

from models.crowd.sites.alarms import AlarmLevels, DayAlarm, Foretold, alarm_of_day, foretell, level_now
from models.crowd.sites.bands import DensityBand, band_of, density_bands
from models.crowd.sites.capacity import Capacity, capacity_of
from models.crowd.sites.on_map import sites_on_map
from models.crowd.sites.reading import read_sites
from models.crowd.sites.site import Approved, Gate, Sites, Stay, VisitSite
from models.crowd.sites.spaces import SiteKind, Space, site_kinds, spaces

__all__ = [
    "AlarmLevels",
    "Approved",
    "Capacity",
    "DayAlarm",
    "DensityBand",
    "Foretold",
    "Gate",
    "SiteKind",
    "Sites",
    "Space",
    "Stay",
    "VisitSite",
    "alarm_of_day",
    "band_of",
    "capacity_of",
    "density_bands",
    "foretell",
    "level_now",
    "read_sites",
    "site_kinds",
    "sites_on_map",
    "spaces",
]
