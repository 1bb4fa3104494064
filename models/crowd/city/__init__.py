"""A whole city on foot: cells with clocks, walkers who wake up when something happens to them."""

from __future__ import annotations

from models.crowd.city.attractions import Attractions
from models.crowd.city.city_crowd import CityCrowd
from models.crowd.city.day import CityDay
from models.crowd.city.individual import Individual
from models.crowd.city.opening import Opening, opening_of
from models.crowd.city.people import Arrivals, DayPeople, Sources, draw_people
from models.crowd.city.reference import PlainCity
from models.crowd.city.site_table import SiteTable, Taste, choose, table_of
from models.crowd.city.streets import Streets, lay_streets
from models.crowd.city.walkers import Walkers
from models.crowd.plans import in_order

__all__ = [
    "Arrivals", "Attractions", "CityCrowd", "CityDay", "DayPeople", "Individual", "Opening", "PlainCity", "SiteTable",
    "Sources", "Streets", "Taste", "Walkers", "choose", "draw_people", "in_order", "lay_streets", "opening_of",
    "table_of",
]  # fmt: skip
