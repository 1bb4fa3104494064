"""How drivers responded: trips that were given up, and trips on another way than the one known from before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure
from scenarios.measures.trips import cars, needing

if TYPE_CHECKING:
    import pandas as pd


def _chosen(run: Tables) -> pd.DataFrame:
    trips = cars(run)
    return trips[trips["kind"] != "bus"]


@measure(
    say("Trips given up", "放弃的出行"),
    "trips",
    "lower",
    say(
        "Trips planned after the warm-up that were never made because no way was known to lead there, that left the "
        "road before a shut one, or that stood before it when the run ended. Buses do not count.",
        "预热后计划的出行中，因已知无路可达而未成行、在封闭道路前离开路网，或运行结束时仍停在封闭道路前的数量；不含公交。",
    ),
    needs=needing("gave_up"),
)
def trips_given_up(_city: Any, run: Tables) -> float | None:
    return float(_chosen(run)["gave_up"].sum())


@measure(
    say("Trips on another way", "改道的出行"),
    "trips",
    "lower",
    say(
        "Trips planned after the warm-up whose vehicle drove, or is driving, another way than the one that its driver "
        "knew from before the interventions (`response.known_ways`). Departures are not shifted. Buses do not count.",
        "预热后计划的出行中，车辆实际行驶路线不同于干预前驾驶员熟知路线（response.known_ways）的数量；出发时刻不变；不含公交。",
    ),
    needs=needing("shifted"),
)
def trips_shifted(_city: Any, run: Tables) -> float | None:
    return float(_chosen(run)["shifted"].sum())
