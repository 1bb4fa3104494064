"""The page of RiMEA's tests: a picture of each, what was missed in the open, every measure in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from models.crowd.validation.rimea import documented, leaving, walking
from models.crowd.validation.rimea.outcome import check
from viz.crowd.rimea_page import rimea_page
from viz.text_rimea import MEASURES


def test_every_test_has_pictures_figures_and_its_state() -> None:
    turned = [walking.walks_round_a_corner(degrees) for degrees in (0, 30)]
    late = replace(walking.keeps_its_speed(0), checks=(check(1, 0, "time over 40 m, relative error", 0.25, 0.05),))
    told = replace(late, test=14, checks=(check(14, 0, "share that takes the longer way", 0.4, None),))
    shown = rimea_page([late, *turned, told])
    assert shown.count('class="rimea-picture"') == 4
    assert shown.count('class="rimea-way"') == 1 + 20 + 20 + 1
    assert [re.search(f"rimea-{state}", shown) is not None for state in ("missed", "passed", "documented")] == [
        True
    ] * 3
    assert "4 of 5 gates met" in shown
    assert "走40米用时的相对误差" in shown


def test_every_measure_is_in_both_languages() -> None:
    measured = set()
    for module in (walking, leaving, documented):
        source = Path(module.__file__).read_text(encoding="utf-8")
        measured |= set(re.findall(r'check\(\s*\d+,\s*degrees,\s*"([^"]+)"', source))
    assert len(measured) > 15
    assert measured <= set(MEASURES)
