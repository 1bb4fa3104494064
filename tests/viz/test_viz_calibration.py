"""Charts of a calibration: places on the plane, signs on the map, words in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.flows import Totals
from calibration.proof import DemandRuns, HoldOut, Proof, prove
from networks.roads.net_file import Net, NetEdge
from viz.calibration import calibration_page
from viz.calibration.charts import distance_rows, lengths, scatter
from viz.calibration.plane import Plane, ticks


def runs(flows: list[float], lengths_m: list[float]) -> DemandRuns:
    edges = tuple(f"e{at}" for at in range(len(flows)))
    twice = np.array([flows, flows], dtype=float)[:, :, None]
    totals = Totals(100, 90, 10, 0, 0)
    return DemandRuns(edges, twice, np.full((2, len(flows)), 9.0), np.array(lengths_m), 100, (totals, totals), 1.0)


@pytest.fixture
def proof() -> Proof:
    """Four streets in a row; e2 and e3 are held out: one twice too much, one half."""
    shape = [((300.0 * at, 0.0), (300.0 * at + 300, 0.0)) for at in range(4)]
    edges = [
        NetEdge(f"e{at}", f"n{at}", f"n{at + 1}", "", "", 1, 13.9, 300.0, line, frozenset({"passenger"}), ())
        for at, line in enumerate(shape)
    ]
    nodes = {f"n{at}": (300.0 * at, 0.0, "priority") for at in range(5)}
    counts = Counts(("a", "b", "<c>", "d"), ("e0", "e1", "e2", "e3"), 0.0, 3600.0, np.array([[400.0]] * 4))
    hold = HoldOut("edges", ("a", "b"), ("<c>", "d"), ("e2", "e3"))
    before = runs([400.0] * 4, [1000.0, 2000.0])
    return prove(Net(tuple(edges), (), nodes), counts, hold, runs([400.0, 410.0, 800.0, 200.0], [900.0]), before=before)


def test_a_plane_puts_values_where_they_belong() -> None:
    plain, root = Plane(100.0, 100.0), Plane(100.0, 100.0, root=True)
    assert plain.x(0) == root.x(0) and plain.x(100) == root.x(100)
    assert root.x(25) == pytest.approx((root.x(0) + root.x(100)) / 2)
    assert plain.y(50) == pytest.approx((plain.y(0) + plain.y(100)) / 2)
    assert ticks(2300.0, root=True)[-1] == 2000.0
    assert all(value <= 37.0 for value in ticks(37.0))


def test_the_scatter_has_every_flow_and_the_lines_of_geh_5(proof: Proof) -> None:
    drawn = str(scatter(proof))
    assert drawn.count('class="cal-held"') == 2 and drawn.count('class="cal-used"') == 2
    assert drawn.count('class="cal-geh"') == 2
    assert "&lt;c&gt;: 400 / 800" in drawn and "<c>" not in drawn


def test_distances_are_banded(proof: Proof) -> None:
    assert distance_rows(proof) == [("250–500 m", 1, "0 %"), ("500–1000 m", 1, "0 %")]


def test_lengths_need_a_reference(proof: Proof) -> None:
    assert lengths(proof) is not None
    assert lengths(replace(proof, before=None)) is None


def test_the_page_tells_the_held_out_figure_and_signs_of_error(proof: Proof, tmp_path: Path) -> None:
    net = tmp_path / "row.net.xml"
    lanes = "".join(
        f'<edge id="e{at}" from="n{at}" to="n{at + 1}"><lane id="e{at}_0" index="0" speed="13.9" length="300" '
        f'shape="{300 * at},0 {300 * at + 300},0"/></edge>'
        for at in range(4)
    )
    spots = "".join(f'<junction id="n{at}" type="priority" x="{300 * at}" y="0"/>' for at in range(5))
    net.write_text(f'<net version="1.20">{lanes}{spots}</net>', encoding="utf-8")
    text = calibration_page("Row", net, proof, [], 2)
    assert "0 % of 2 hourly flows" in text and "2个小时流量中有0 %满足" in text
    assert len(re.findall(r'class="cal-sign cal-over" d="M\d', text)) == 2  # one on the map, one in the key
    assert 'class="cal-line cal-under"' in text and "&lt;c&gt;" in text
    assert text.count('data-state="fail"') > 3 and text.count('data-state="not assessable"') > 5
