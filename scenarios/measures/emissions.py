"""What comes out of the exhaust, for runs that asked SUMO for it."""

from __future__ import annotations

from typing import Any

from networks.sentence import Sentence, say
from scenarios.measures.dictionary import Tables, measure
from scenarios.measures.trips import everybody, needing

HBEFA = say(
    "HBEFA through SUMO's emission device (Krajzewicz et al. 2015, Second generation of pollutant emission models for "
    "SUMO, doi:10.1007/978-3-319-15024-6_12)",
    "SUMO排放模块中的HBEFA（Krajzewicz等，2015，doi:10.1007/978-3-319-15024-6_12）",
)


def _definition(what: str, was: str) -> Sentence:
    return say(
        f"{what} of vehicles planned after the warm-up, buses included, up to the end; only where the run was asked "
        "for emissions.",
        f"预热后计划的车辆（含公交）至结束时的{was}；仅在运行时要求计算排放时才有。",
    )


def _kg(run: Tables, column: str) -> float:
    return float(everybody(run)[column].fillna(0.0).sum()) / 1000.0


@measure(
    say("Carbon dioxide", "二氧化碳排放"),
    "kg",
    "lower",
    _definition("CO2", "二氧化碳排放量"),
    needs=needing("co2_g"),
    source=HBEFA,
)
def co2_kg(_city: Any, run: Tables) -> float | None:
    return _kg(run, "co2_g")


@measure(
    say("Nitrogen oxides", "氮氧化物排放"),
    "kg",
    "lower",
    _definition("NOx", "氮氧化物排放量"),
    needs=needing("nox_g"),
    source=HBEFA,
)
def nox_kg(_city: Any, run: Tables) -> float | None:
    return _kg(run, "nox_g")


@measure(
    say("Particles", "颗粒物排放"),
    "kg",
    "lower",
    _definition("Particles (PMx)", "颗粒物（PMx）排放量"),
    needs=needing("pmx_g"),
    source=HBEFA,
)
def pmx_kg(_city: Any, run: Tables) -> float | None:
    return _kg(run, "pmx_g")


@measure(
    say("Fuel", "燃料消耗"),
    "kg",
    "lower",
    _definition("Fuel burnt", "燃料消耗量"),
    needs=needing("fuel_g"),
    source=HBEFA,
)
def fuel_kg(_city: Any, run: Tables) -> float | None:
    return _kg(run, "fuel_g")
