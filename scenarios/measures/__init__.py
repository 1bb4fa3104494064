"""Measures: pure functions of (city, run tables), entered into one published dictionary, one subject a file.

`twin measures` prints the dictionary, `docs/reference.md` holds it, `evaluate` fills it for a run.
"""

from scenarios.measures import (  # noqa: F401, I001
    trips, response, reliability, roads, tpi, emissions, transit, access, benefit, people, parking,
)  # fmt: skip
from scenarios.measures.benefit import USDOT_2016, ValueOfTime, rule_of_half, user_benefit
from scenarios.measures.dictionary import MEASURES, Measure, Tables, evaluate
from scenarios.measures.net_roads import NetRoads
from scenarios.measures.reliability import buffer_index
from scenarios.measures.tpi import state_of, tpi_of

__all__ = [
    "MEASURES",
    "USDOT_2016",
    "Measure",
    "NetRoads",
    "Tables",
    "ValueOfTime",
    "buffer_index",
    "evaluate",
    "rule_of_half",
    "state_of",
    "tpi_of",
    "user_benefit",
]
