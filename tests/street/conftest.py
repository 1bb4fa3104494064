"""The hidden city's modules are no part of the installed package: they lie beside it. A small town for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from small_street import street_net

from benchmarks.live.planted import Planted
from benchmarks.live.street import Street
from models.sumo import SumoCase

BEGIN = "2026-11-02T00:00:00+00:00"
Open = Callable[..., Street]


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> SumoCase:
    """A street with three signals, along which somebody drives every six seconds, and across every fifteen."""
    folder = tmp_path_factory.mktemp("small town")
    net = street_net(folder)
    flows = [("east", "wa ab bc ce", 6), ("west", "ec cb ba aw", 8)]
    flows += [(f"cross-{s}", f"n{s}{s} {s}s{s}", 15) for s in "abc"]
    lines = [
        f'<flow id="{name}" begin="0" end="3600" period="{period}" departSpeed="max"><route edges="{edges}"/></flow>'
        for name, edges, period in flows
    ]
    (folder / "drivers.rou.xml").write_text(f"<routes>{''.join(lines)}</routes>")
    return SumoCase(folder / "run.sumocfg", net, (folder / "drivers.rou.xml",), begin_s=0.0, end_s=3600.0)


@pytest.fixture
def opened(small_town: SumoCase, tmp_path: Path) -> Iterator[Open]:
    """Open the small town with something planted; only one at a time, all are closed in the end."""
    streets: list[Street] = []

    def open_street(
        sensors: tuple[str, ...] = ("ab", "bc", "cb"), case: SumoCase = small_town, **what: object
    ) -> Street:
        for one in streets:
            one.__exit__(None, None, None)
        plan = Planted.model_validate({"town": "small", "begin": BEGIN, "error": 0.0, "cycle_s": 300} | what)
        streets.append(Street(plan, case, sensors, tmp_path))
        return streets[-1]

    yield open_street
    for one in streets:
        one.__exit__(None, None, None)
