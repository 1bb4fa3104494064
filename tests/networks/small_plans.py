"""A controller and plans for tests of what plans become in other formats."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from small_crossings import four_arms

from networks import Controller, Layout, SignalPhase, SignalPlan, build_controller, read_layouts, read_signal_plans
from networks.signals.controllers.assembling import assemble_plan

REAL = (
    "sumo/bologna/joined_buslanes.net.xml",
    "sumo/hamburg/network.net.xml.gz",
    "sumo/hangzhou_4x4/hangzhou_4x4_gudang_18041610_1h.net.xml",
    "sumo/hangzhou_westlake/pb_hangzhou_hangzhou.net.xml.gz",
    "resco/cologne1/cologne1.net.xml",
    "resco/cologne8/cologne8.net.xml",
    "resco/ingolstadt21/ingolstadt21.net.xml",
)


def real_file(name: str) -> Path:
    """A file of the shared test data, there or not."""
    return Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[3] / "shared" / "data")) / name


@cache
def crossing() -> tuple[Layout, Controller]:
    """Four arms of two lanes, with crossings on foot."""
    with TemporaryDirectory() as folder:
        net = four_arms(Path(folder), "--crossings.guess", "--sidewalks.guess", lanes=2)
        layout = read_layouts(net)["c"]
    return layout, build_controller(layout)


@cache
def bare_crossing() -> tuple[Layout, Controller]:
    """Four arms of three lanes without people on foot; left turns have lanes of their own."""
    with TemporaryDirectory() as folder:
        layout = read_layouts(four_arms(Path(folder), lanes=3))["c"]
    return layout, build_controller(layout)


def movement_links(layout: Layout, edges: str, turns: str) -> set[int]:
    """Links that come from these edges (north "n", ...) and make these turns."""
    return {m.index for m in layout.movements if m.from_edge[0] in edges and m.direction in turns}


def eight_phase_plan(greens: tuple[float, ...] = (20, 6, 10, 25, 9), offset_s: float = 0.0) -> SignalPlan:
    """A dual-ring plan as SUMO's phases: north-south straight, one left turn early, both lefts; east-west, lefts."""
    layout, controller = bare_crossing()
    links = range(len(controller.red))
    right = movement_links(layout, "nesw", "r")
    stages = (
        movement_links(layout, "ns", "s") | right & movement_links(layout, "ns", "r"),
        movement_links(layout, "n", "sl") | right & movement_links(layout, "n", "r"),
        movement_links(layout, "ns", "l"),
        movement_links(layout, "ew", "s") | right & movement_links(layout, "ew", "r"),
        movement_links(layout, "ew", "l"),
    )
    phases = list[SignalPhase]()
    for stage, after, green in zip(stages, stages[1:] + stages[:1], greens, strict=True):
        state = "".join("G" if k in stage else "r" for k in links)
        yellow = "".join("G" if k in stage & after else "y" if k in stage else "r" for k in links)
        clear = "".join("G" if k in stage & after else "r" for k in links)
        phases += [SignalPhase(s, shown, s, s) for s, shown in ((green, state), (3.0, yellow), (1.0, clear))]
    return SignalPlan("c", "am", offset_s, tuple(phases), "by hand")


seconds = st.floats(5.0, 60.0).map(lambda value: round(value, 1))


@st.composite
def stage_plans(draw: st.DrawFn) -> SignalPlan:
    """Plans of `crossing` with drawn greens, fixed or actuated."""
    _, controller = crossing()
    greens = [draw(seconds) for _ in controller.stages]
    most = [green + draw(seconds) for green in greens] if draw(st.booleans()) else None
    offset = round(draw(st.floats(0.0, 120.0)), 1)
    return assemble_plan(controller, greens, most_s=most, offset_s=offset, program_id="drawn", source="drawn")


@st.composite
def whole_plans(draw: st.DrawFn) -> SignalPlan:
    """Plans of `crossing` in whole seconds, fixed or actuated."""
    _, controller = crossing()
    greens = [float(draw(st.integers(20, 60))) for _ in controller.stages]
    most = [green + draw(st.integers(1, 40)) for green in greens] if draw(st.booleans()) else None
    offset = float(draw(st.integers(0, 60)))
    return assemble_plan(controller, greens, most_s=most, offset_s=offset, program_id="drawn", source="drawn")


def real_plans(name: str) -> Iterator[tuple[Layout, Controller, SignalPlan]]:
    """Every signal of a real network."""
    layouts, plans = read_layouts(real_file(name)), read_signal_plans(real_file(name), source="imported")
    for tls, plan in plans.items():
        yield layouts[tls], build_controller(layouts[tls]), plan
