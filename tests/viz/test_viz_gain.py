"""Who gains and who loses, on paper: what is listed first, what is escaped, what is shown where nothing is known."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from small_junction import layout
from watched import Watched

from networks.roads.net_file import Net, NetEdge
from scenarios.signals.judging.close_look import Approach, CloseLook, ModeLook, SignalLook
from scenarios.signals.judging.loads import Load
from scenarios.signals.judging.paired import Paired, paired
from viz.report import templates
from viz.signals.diagrams.gain_map import Spot, gain_map
from viz.signals.pages.page import page
from viz.signals.sheets.gain_sheet import figure, fold_id, mode_sheet, pair, percent, signal_sheet
from viz.text import both


def changed(before: float, after: float) -> Paired:
    told = paired([before, before + 1.0, before - 1.0], [after, after + 1.1, after - 0.9])
    assert told is not None
    return told


def street() -> Net:
    edge = NetEdge(
        "e", "a", "b", "", "", 1, 14.0, 200.0, ((0.0, 0.0), (0.2, 0.0), (900.0, 400.0)), frozenset({"passenger"}), ()
    )
    return Net((edge,), (), {})


def test_the_map_tells_gain_and_loss_by_shape_too() -> None:
    spots = [
        Spot(1, "fold-a", (0.0, 0.0), 1.0, "better", "1 a"),
        Spot(2, "fold-b", (500.0, 200.0), 0.9, "worse", "2 <b>"),
        Spot(3, "fold-c", (900.0, 400.0), 0.0, "cannot tell", "3 c"),
    ]
    drawn = str(gain_map(street(), spots, title="t"))
    assert drawn.count("<circle") == 2 and drawn.count("<polygon") == 1 and 'class="road"' in drawn
    assert 'href="#fold-b"' in drawn and "2 &lt;b&gt;" in drawn and "<b>" not in drawn
    assert re.findall(r'class="number [\w-]+"[^>]*>(\d)<', drawn) == ["1", "2"], "small marks have no number"
    assert drawn == str(gain_map(street(), spots, title="t"))


def test_figures_that_are_not_there_are_dashes() -> None:
    assert [figure(one, 2) for one in (0.5, math.nan, math.inf)] == ["0.50", "–", "∞"]
    assert [percent(one) for one in (0.256, math.nan)] == ["26 %", "–"]
    alone = paired([10.0], [8.0])
    assert alone is not None and pair(alone)["interval"] == "–" and pair(alone)["change"] == "-2.0"


def test_modes_and_approaches_are_told_in_both_languages() -> None:
    look = CloseLook(1, (ModeLook("bus", 3.0, changed(90.0, 120.0)),), {})
    told = str(mode_sheet(look))
    assert "buses" in told and "公交车" in told and "+30.0" in told and 'class="worse"' in told
    one = SignalLook(
        changed(3.0, 1.0),
        changed(40.0, 20.0),
        (
            Approach("n_in", 120.0, changed(40.0, 20.0), changed(80.0, 40.0), 120.0, paired([0.3, 0.3], [0.0, 0.0])),
            Approach("e_in", 3.0, changed(4.0, 5.0), None, math.nan, None),
        ),
        (Load("n_in", "s_out", "s", 300.0, 0.8, 1.2),),
        None,
    )
    told = str(signal_sheet(one, layout(), 7, diagrams=True))
    assert "High &lt;Street&gt;" in told and "<Street>" not in told and "80 / 120" in told and "30 % → 0 %" in told
    assert "<b>1.20</b>" in told and "直行" in told and "seed 7" in told
    assert "only the 60 signals" in told, "no events were recorded of it"


@pytest.mark.browser
def test_a_signal_unfolds_when_it_is_asked_for_and_when_it_is_printed(browser: Any, tmp_path: Path) -> None:
    shown: dict[str, Any] = {"streets": "", "seen": "", "changes": Markup("<p>all of it</p>"), "why": "", "delay": None}
    parts = [
        Markup(templates().get_template("gain_fold.html.j2").render(**shown, tls=tls, target=fold_id(tls)))
        for tls in ("a b", "c")
    ]
    (tmp_path / "p.html").write_text(page("t", parts, kind=both("optimise.kind")), encoding="utf-8")
    watched = Watched(browser, "phone")
    watched.page.goto((tmp_path / "p.html").as_uri() + "#fold-a%20b")
    opened = "[...document.querySelectorAll('details.fold')].map(one => one.open)"
    assert watched.run(opened) == [True, False]
    watched.run("window.dispatchEvent(new Event('beforeprint'))")
    assert watched.run(opened) == [True, True]
    watched.run("window.dispatchEvent(new Event('afterprint'))")
    assert watched.run(opened) == [True, False]
    watched.run("location.hash = '#fold-c'")
    watched.until(lambda: watched.run(opened) == [True, True], "the signal did not unfold")
    assert watched.errors == []
    watched.page.close()
