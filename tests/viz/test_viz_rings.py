"""Ring-barrier diagrams: every phase has its box, rings meet at barriers, words stay within their boxes."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_junction import controller, layout, plan

from networks import timing_of
from networks.timing.ringing import rings_of
from viz.signals.diagrams.ring_diagram import _LETTER_PX, ring_diagram

SVG = "{http://www.w3.org/2000/svg}"


def drawn(one: tuple[float, float]) -> tuple[ET.Element, int]:
    rings = rings_of(timing_of(plan(splits_s=one), controller()), layout())
    return ET.fromstring(str(ring_diagram(rings, layout(), controller(), title="<x>"))), len(rings.phases)


@given(st.tuples(st.integers(5, 90).map(float), st.integers(5, 90).map(float)))
def test_boxes_of_a_ring_fill_the_cycle_between_its_barriers(splits: tuple[float, float]) -> None:
    root, count = drawn(splits)
    boxes = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "phase"]
    assert len(boxes) == count
    barriers = sorted(
        float(p.get("points", "").split(",")[0]) for p in root.iter(f"{SVG}polyline") if p.get("class") == "barrier"
    )
    for top in {box.get("y") for box in boxes}:
        row = sorted((float(b.get("x", "")), float(b.get("width", ""))) for b in boxes if b.get("y") == top)
        assert row[0][0] == pytest.approx(barriers[0], abs=0.2)
        assert row[-1][0] + row[-1][1] == pytest.approx(barriers[-1], abs=0.2)
        assert all(a + w == pytest.approx(b, abs=0.2) for (a, w), (b, _) in itertools.pairwise(row))
    ticks = {text.text for text in root.iter(f"{SVG}text") if text.get("class") == "tick"}
    assert {"0", f"{sum(splits) + 10:g}"} <= ticks


def test_words_are_cut_to_their_box() -> None:
    root, _ = drawn((5.0, 90.0))
    boxes = sorted(
        {
            (float(b.get("x", "")), float(b.get("width", "")))
            for b in root.iter(f"{SVG}rect")
            if b.get("class") == "phase"
        }
    )
    for text in root.iter(f"{SVG}text"):
        if text.get("class") == "told":
            width = next(w for x, w in boxes if x <= float(text.get("x", "")) <= x + w)
            assert len(text.text or "") <= max(width / _LETTER_PX, 1)
