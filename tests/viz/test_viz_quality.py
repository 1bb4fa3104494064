"""The quality page: what is in it, in both languages, and that nothing in a map's data can break out of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from small_quality import small_quality

from viz import render_quality
from viz.bundle import bundle_text
from viz.pack import unpack
from viz.quality import amount, figures
from viz.quality_data import GROUPS, group_of, quality_data


def own(page: str) -> str:
    """The page without the deck.gl bundle."""
    return page.replace(bundle_text(), "")


@pytest.fixture(scope="module")
def page() -> str:
    return render_quality(*small_quality())


def test_failed_checks_come_first_and_say_so_in_words(page: str) -> None:
    states = re.findall(r'class="check" data-state="(\w+)" data-check="(\w+)"', page)
    assert states == [
        ("failed", "strongly_connected"),
        ("failed", "map_dated"),
        ("passed", "lanes_as_tagged"),
        ("told", "plans_guessed"),
        ("unmeasured", "terrain_error"),
    ]
    assert "2 of 3 checks failed" in page and "3项检查中有2项未通过" in page
    assert "98.7 %" in page and "at least 99 %" in page and "不低于99 %" in page


def test_the_same_city_gives_the_same_bytes_and_nothing_is_fetched(page: str) -> None:
    assert render_quality(*small_quality()) == page
    assert not re.search(r"(?:src|href)=\"(?!data:|#)|url\((?!#)|@import", own(page))
    outside = set(re.findall(r"https?://([^/\"`]+)", own(page)))
    assert outside <= {"www.openstreetmap.org", "www.w3.org"}, "a link that a person may follow, nothing else"


def test_every_doubt_and_repair_is_in_it() -> None:
    city, report = small_quality()
    data = quality_data(city, report)
    doubts, repairs = (json.loads(unpack(data[key]).tobytes()) for key in ("doubts", "repairs"))
    assert len(doubts["at"]) == len(doubts["en"]) == 70 and len(repairs["at"]) == 130
    assert doubts["edges"][0] == [list(city.layer("edges")["edge_id"]).index(name) for name in ("n1_2", "n1_3")]
    assert doubts["remedies"] == [["count them", "清点"]], "a sentence is told once"
    assert sum(group["count"] for group in data["groups"]) == 200


def test_signs_differ_in_shape_and_in_colour() -> None:
    assert len({group.shape for group in GROUPS}) == len({group.colour for group in GROUPS}) == len(GROUPS)
    keys = {kind: GROUPS[group_of(kind)].key for kind in ("guessed_speed", "signal_unmatched", "underpass_sump", "x")}
    assert keys == {
        "guessed_speed": "roads",
        "signal_unmatched": "signals",
        "underpass_sump": "ground",
        "x": "other",
    }


def test_a_city_without_doubts_and_repairs_says_so() -> None:
    told = render_quality(*small_quality(doubts=0, repairs=0))
    assert "No doubts: nothing here was guessed." in told and "No repairs" in told
    assert 'id="repair-rows"' not in own(told).split("<script")[0]
    city, report = small_quality(doubts=0, repairs=0)
    quiet = {**report, "passed": 0, "failed": 0, "checks": []}
    assert "Nothing could be checked." in render_quality(city, quiet)


def test_it_warns_of_what_was_changed_since() -> None:
    told = own(render_quality(*small_quality(), changed=["layers/zones.parquet"]))
    assert "Changed since this was checked: layers/zones.parquet" in told and "检查之后已更改" in told


def test_names_cannot_break_out() -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    city, report = small_quality(street=evil)
    report["checks"][1]["offenders"][0]["words"] = evil
    told = own(render_quality(replace(city, name=evil), report))
    html, rest = told.split('id="data-page">')
    data, scripts = rest.split("</script>", 1)
    assert "<img src=x" not in html + scripts
    assert json.loads(data)["checks"]["strongly_connected"][0]["words"] == evil


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(0.98, "share", "98 %"), (1.0, "share", "100 %"), (0.0, "share", "0 %"), (2.087, "m", "2.09 m"), (12.0, "", "12")],
)
def test_amounts_read_well(value: float, unit: str, told: str) -> None:
    assert amount(value, unit) == told


def test_a_value_that_fails_never_looks_like_its_threshold() -> None:
    assert figures({"value": 0.9896, "threshold": 0.99, "unit": "share"}) == ("98.96 %", "99 %")
    assert figures({"value": 0.99, "threshold": 0.99, "unit": "share"}) == ("99 %", "99 %")
    assert figures({"value": None, "threshold": 0.3, "unit": "m"}) == ("–", "0.3 m")
