"""From a story to what the report's page holds: map blocks, plots and tables. Pure functions of the story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from viz.blocks import (
    base_blocks,
    crowd_frames,
    flood_block,
    frame_times,
    marker_rows,
    road_frames,
    routes,
    used_links,
    walk_block,
)
from viz.maps import facility_markers, map_json
from viz.pack import pack
from viz.phrases import amount, measure_title, number
from viz.plots import difference_plot, flood_plot, response_plot, series_plot
from viz.text import LANGUAGES, for_page, known, text

if TYPE_CHECKING:
    from pandas import DataFrame

    from viz.story import Alternative, Story

Series = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
CROWDED_PM2 = 3.5


def map_kinds(story: Story) -> list[str]:
    """The maps that this story has something for, in reading order."""
    kinds = ["traffic"]
    if story.flood is not None:
        kinds.append("flood")
    if any(len(table(alternative, "links")) for alternative in story.alternatives):
        kinds.append("crowd")
    if any(len(table(alternative, "calls")) for alternative in story.alternatives):
        kinds.append("ambulance")
    return kinds


def page_data(story: Story) -> dict[str, Any]:
    """Everything that the maps need, JSON-ready and packed."""
    city, times_s = story.city, frame_times(story.shown_s)
    edges, link_count = city.layer("edges"), len(city.layer("walk_links"))
    links = used_links([table(alternative, "links") for alternative in story.alternatives])
    links = links[links < link_count]
    blocks = base_blocks(city)
    free = edges["speed_mps"].to_numpy(float)
    ids = [str(edge) for edge in edges["edge_id"]]
    blocks["roads"], blocks["crowd"], calls = {}, {}, {}
    for alternative in story.alternatives:
        blocks["roads"][alternative.key] = pack(road_frames(ids, free, table(alternative, "edges"), times_s))
        walked = table(alternative, "links")
        if len(walked):
            blocks["crowd"][alternative.key] = pack(crowd_frames(walked, link_count, times_s, links))
        calls[alternative.key] = routes(table(alternative, "calls"), edges)
    if blocks["crowd"]:
        blocks["walk"] = walk_block(city, links)
    if story.flood is not None:
        blocks["depth"] = flood_block(story.flood, city.crs, times_s)
    named = {(marker.kind, marker.label): marker for marker in (*facility_markers(city), *story.markers)}
    blocks["markers"] = marker_rows(list(named.values()), city.crs)
    return {
        "maps": [map_json(kind, city) for kind in map_kinds(story)],
        "blocks": blocks,
        "times_s": [float(time) for time in times_s],
        "zero_min": story.zero.hour * 60 + story.zero.minute + story.zero.second / 60,
        "zero_epoch_s": story.zero.timestamp(),
        "calls": calls,
        "base": story.alternatives[0].key,
        "shown": shown_first(story),
        "edge_names": [str(name) if name == name and name else "" for name in edges["name"]],
        "text": for_page("legend", "marker", "map", "report", "language"),
    }


def shown_first(story: Story) -> str:
    """The alternative that the maps open with: the first one whose ambulance routes differ, else as it is."""
    base = story.alternatives[0]
    usual = _routes_of(base)
    for alternative in story.alternatives[1:]:
        if _routes_of(alternative) not in ((), usual):
            return alternative.key
    return base.key


def table(alternative: Alternative, name: str) -> DataFrame:
    """A table of the shown member; empty with its columns when the run has none."""
    from pandas import DataFrame

    found = alternative.tables.get(name)
    return DataFrame(columns=list(COLUMNS[name])) if found is None else found


COLUMNS = {
    "edges": ("time_s", "edge_id", "speed_mps", "entered", "density_vpkm", "closed"),
    "links": ("time_s", "link_id", "walkers", "density_pm2", "speed_mps"),
    "calls": ("call_id", "time_s", "unit_id", "dispatch_s", "arrival_s", "response_s", "route"),
}


def difference_plots(story: Story) -> list[dict[str, Any]]:
    """One plot per measure over all alternatives: title, definition, svg in each language, and one verdict per row."""
    compared = [other for other in story.alternatives if other.comparison is not None]
    names = list(dict.fromkeys(name for other in compared for name in _rows(other)))
    found = []
    for name in names:
        told = [(other, _rows(other)[name]) for other in compared if name in _rows(other)]
        told = [(other, row) for other, row in told if np.isfinite(float(row["difference"]))]
        if not told or all(float(row["difference"]) == 0 == float(row["high"]) for _, row in told):
            continue
        svg = {}
        for language in LANGUAGES:
            rows = [{**row, "label": _label(other, language)} for other, row in told]
            svg[language] = difference_plot(rows, known("unit", str(told[0][1]["unit"]))[language], language)
        measure = story.measures.get(name)
        title = dict(measure.title) if measure else measure_title(name)
        found.append({"title": title, "definition": dict(measure.definition) if measure else {}, "svg": svg})
    return found


def course_plots(story: Story) -> list[dict[str, Any]]:
    """The evening over time: flood and closures, speed, walkers, crowding, response per call. Only what there is."""
    made: list[tuple[str, Any]] = []
    closed = {
        a.key: _between(closed_roads(table(a, "edges")), *story.shown_s)
        for a in story.alternatives
        if len(table(a, "edges"))
    }
    if story.flood is not None:
        made.append(("flood", lambda lang: _flood_svg(story, closed, lang)))
    for name, table_name, reader, limit in (
        ("speed", "edges", mean_speed_kmh, None),
        ("walkers", "links", walkers, None),
        ("crowd", "links", crowding, CROWDED_PM2),
    ):
        read = {
            a.key: _between(reader(table(a, table_name)), *story.shown_s)
            for a in story.alternatives
            if len(table(a, table_name))
        }
        if read:
            made.append((name, _series_drawer(story, read, name, limit)))
    answers = {a.key: _minutes(table(a, "calls")) for a in story.alternatives if len(table(a, "calls"))}
    if answers:
        made.append(("response", lambda lang: response_plot(_named(story, answers, lang), lang)))
    return [
        {"title": known("report.plot", name), "svg": {language: draw(language) for language in LANGUAGES}}
        for name, draw in made
    ]


def closed_roads(edges: DataFrame) -> Series:
    """Number of closed edges per interval."""
    count = edges.assign(closed=edges["closed"].fillna(False).astype(bool)).groupby("time_s")["closed"].sum()
    return count.index.to_numpy(float), count.to_numpy(float)


def mean_speed_kmh(edges: DataFrame) -> Series:
    """Mean speed of the vehicles under way, weighted by how many there are on an edge."""
    used = edges[(edges["density_vpkm"] > 0) & edges["speed_mps"].notna()]
    weighted = (used["speed_mps"] * used["density_vpkm"]).groupby(used["time_s"]).sum()
    weight = used["density_vpkm"].groupby(used["time_s"]).sum()
    return weight.index.to_numpy(float), (weighted / weight).to_numpy(float) * 3.6


def walkers(links: DataFrame) -> Series:
    """People on the footways per interval."""
    total = links.groupby("time_s")["walkers"].sum()
    return total.index.to_numpy(float), total.to_numpy(float)


def crowding(links: DataFrame) -> Series:
    """Density (persons per m2) that the most crowded 1 % of the people have at least, per interval."""
    times, values = [], []
    for time_s, rows in links.groupby("time_s"):
        density, people = rows["density_pm2"].to_numpy(float), rows["walkers"].to_numpy(float)
        order = np.argsort(-density, kind="stable")
        reached = np.searchsorted(np.cumsum(people[order]), 0.01 * people.sum())
        times.append(float(time_s))
        values.append(float(density[order][min(reached, len(order) - 1)]))
    return np.array(times), np.array(values)


def comparison_rows(story: Story) -> list[dict[str, Any]]:
    """The table of comparison, one row per alternative and measure, in words."""
    found = []
    for other in story.alternatives:
        for name, row in _rows(other).items():
            unit = str(row["unit"])
            measure = story.measures.get(name)
            found.append(
                {
                    "alternative": dict(other.title),
                    "title": dict(measure.title) if measure else measure_title(name),
                    "as_is": amount(row["mean_a"], unit),
                    "there": amount(row["mean_b"], unit),
                    "difference": number(row["difference"], signed=True),
                    "interval": f"{number(row['low'], signed=True)} … {number(row['high'], signed=True)}",
                    "n": int(row["n"]),
                    "correlation": number(row.get("correlation")),
                    "variance_ratio": number(row.get("variance_ratio")),
                    "verdict": known("verdict", str(row["verdict"])),
                    "verdict_class": str(row["verdict"]).replace(" ", "-"),
                }
            )
    return found


def members(story: Story) -> list[dict[str, Any]]:
    """One row per member: alternative, seed, run id, valid, reasons."""
    found = []
    for other in story.alternatives:
        for row in other.measures.to_dict("records"):
            found.append(
                {
                    "alternative": dict(other.title),
                    "seed": int(row["seed"]),
                    "run_id": str(row["run_id"]),
                    "valid": bool(row["valid"]),
                    "reasons": row.get("reasons", ""),
                }
            )
    return found


def _rows(other: Alternative) -> dict[str, dict[str, Any]]:
    if other.comparison is None:
        return {}
    return {str(row["measure"]): {str(k): v for k, v in row.items()} for row in other.comparison.to_dict("records")}


def _routes_of(alternative: Alternative) -> tuple[str, ...]:
    return tuple(str(route) for route in table(alternative, "calls")["route"])


def _label(alternative: Alternative, language: str) -> str:
    title = str(alternative.title.get(language) or alternative.title.get("en") or alternative.key)
    return title if len(title) <= 26 else title[:25] + "…"


def _named(story: Story, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {_label(a, language): values[a.key] for a in story.alternatives if a.key in values}


def _series_drawer(story: Story, read: dict[str, Series], name: str, limit: float | None) -> Any:
    def draw(language: str) -> str:
        axis = text(f"report.plot.{name}_axis", language)
        return series_plot(_named(story, read, language), axis=axis, zero=story.zero, language=language, limit=limit)

    return draw


def _flood_svg(story: Story, closed: dict[str, Series], language: str) -> str:
    assert story.flood is not None
    deepest = story.flood.depth_m.reshape(len(story.flood.times_s), -1).max(axis=1).astype(float)
    begin, end = story.shown_s
    rain = None
    if story.rain is not None and len(story.rain):
        rain = _between(
            (story.rain["time_s"].to_numpy(float), story.rain["intensity_mm_h"].to_numpy(float)), begin, end
        )
    depth = _between((np.asarray(story.flood.times_s, float), deepest), begin, end)
    return flood_plot(depth, _named(story, closed, language), rain, zero=story.zero, language=language)


def _between(series: Series, begin: float, end: float) -> Series:
    inside = (series[0] >= begin) & (series[0] <= end)
    return series[0][inside], series[1][inside]


def _minutes(calls: DataFrame) -> dict[str, float | None]:
    seconds = calls["response_s"].to_numpy(float)
    return {
        str(call): float(value) / 60 if np.isfinite(value) else None
        for call, value in zip(calls["call_id"], seconds, strict=True)
    }
