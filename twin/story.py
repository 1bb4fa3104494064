"""From a study to what the report is told: plain tables, texts and arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from networks import joined, say
from scenarios import MEASURES, EmergencyCall, Event, calls_in, locate, units_in
from scenarios.members.flood_run import load_flood_grid
from scenarios.rain.rain_run import hyetograph_of
from scenarios.results.versions import code_version, engine_versions
from viz.phrases import measure_title
from viz.story import Alternative, Flood, Marker, MeasureText, Story
from viz.text import words

if TYPE_CHECKING:
    from networks import City, Sentence
    from scenarios import Comparison, Ensemble, Run, Scenario, Store, Study

AS_IT_IS = {"en": "As it is", "zh": "维持现状"}
METHOD = (
    {
        "en": "Every alternative meets the same drivers, departures, visitors and storm as the evening as it is: "
        "differences are taken seed by seed; the intervals are 90 % intervals of the paired t-test.",
        "zh": "每个方案面对与现状相同的驾驶员、出发时刻、观众和暴雨，差值按种子逐对计算；区间为配对t检验的90%区间。",
    },
    {
        "en": "Searches learned on seeds of their own; everything shown here was judged on other seeds.",
        "zh": "搜索只使用自己的随机种子；此处所示结果均在其他种子上评判。",
    },
)


def story_of(
    city: City,
    scenario: Scenario,
    study: Study,
    store: Store,
    timings: Mapping[str, float],
    titles: Mapping[str, Mapping[str, str]],
) -> Story:
    """What a report needs to know of a study."""
    alternatives = [_alternative("as-it-is", AS_IT_IS, study.base, None)]
    alternatives += [
        _alternative(judged.proposal.kind, _kind(judged.proposal.kind), judged.ensemble, judged.comparison)
        for judged in study.judged
        if judged.proposal.action
    ]
    first = study.base.runs[0].manifest
    return Story(
        city=city,
        title=scenario.title.model_dump(),
        description=scenario.description.model_dump(),
        zero=scenario.start,
        shown_s=(scenario.warm_up_s, scenario.end_s),
        alternatives=tuple(alternatives),
        measures={
            name: MeasureText(measure.unit, measure.better, measure_title(name), measure.definition)
            for name, measure in MEASURES.items()
        },
        recommendations=tuple(one.to_json() for one in study.recommendations),
        flood=_flood(city, store, first["inputs"]["flood"]),
        rain=_rain(scenario, city),
        markers=_markers(city, scenario),
        timings=tuple((titles[key], seconds) for key, seconds in timings.items()),
        versions={"citytwin models": code_version(), **dict(engine_versions())},
        guesses=(*_amounts(study.base.runs[0]), *_provenance(first)),
        repeat=("python3 start.py demo",),
        sources=tuple((name, licence, "") for name, licence in sorted(city.manifest["licences"].items())),
        method=METHOD,
    )


def _amounts(run: Run) -> tuple[Sentence, ...]:
    """How much was guessed: trips, their lengths, visitors; of one member."""
    demand, people = run.manifest["demand"], run.manifest["visitors"]["people"]
    trips, metres = demand["trips"], demand["mean_length_m"]
    return (
        say(
            f"seed {run.seed}: {trips} car trips of {metres:.0f} m on average in the map, {people} visitors; guessed",
            f"种子{run.seed}：地图范围内小汽车出行{trips}次，平均{metres:.0f}米；观众{people}人；均为推测",
        ),
    )


def _provenance(manifest: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """Where demand and visitors come from, and what is told of the run beside the city's own guesses."""
    return (
        *(manifest[part]["provenance"] for part in ("demand", "visitors") if "provenance" in manifest[part]),
        *manifest["guesses"],
    )


def _kind(kind: str) -> dict[str, str]:
    """The short name of a kind of action, for buttons and legends."""
    return words(f"kind.{kind}")


def _alternative(key: str, title: Mapping[str, str], ensemble: Ensemble, comparison: Comparison | None) -> Alternative:
    table = ensemble.table
    table["reasons"] = [joined(run.reasons) for run in ensemble.runs]
    shown = (ensemble.valid or ensemble.runs)[0]
    rows = pd.DataFrame([vars(row) for row in comparison.rows]) if comparison else None
    tables = {name: shown.table(name) for name in ("edges", "links", "calls")}
    return Alternative(key, title, table, tables, rows, shown.seed)


def _flood(city: City, store: Store, flood_id: str | None) -> Flood | None:
    if flood_id is None:
        return None
    grid, terrain = load_flood_grid(store, flood_id), city.terrain()
    a, b, c, d, e, f = tuple(terrain.transform)[:6]
    return Flood(grid.times_s, grid.depth_m, (a, b, c, d, e, f), flood_id, terrain.screening, terrain.source)


def _rain(scenario: Scenario, city: City) -> pd.DataFrame | None:
    rain = hyetograph_of(scenario, city)
    if rain is None:
        return None
    return pd.DataFrame({"time_s": np.asarray(rain.times_s)[:-1], "intensity_mm_h": rain.intensity_mm_h})


def _markers(city: City, scenario: Scenario) -> tuple[Marker, ...]:
    edges = city.layer("edges").set_index("edge_id").geometry
    markers = []
    for event in scenario.of(Event):
        markers.append(Marker("venue", *locate(city, event.at, what=event.name), event.name))
    if scenario.of(EmergencyCall):
        for call in calls_in(city, scenario):
            spot = edges[call.edge_id].interpolate(0.5, normalized=True)
            markers.append(Marker("call", spot.x, spot.y, call.call_id))
        for unit in units_in(city, scenario):
            spot = edges[unit.edge_id].interpolate(0.5, normalized=True)
            markers.append(Marker("ambulance_station", spot.x, spot.y, unit.unit_id))
    for row in city.layer("facilities").itertuples():
        if row.kind in {"hospital", "fire_station"}:
            spot = row.geometry.representative_point()
            markers.append(Marker(row.kind, spot.x, spot.y, str(row.name)))
    return tuple(markers)
