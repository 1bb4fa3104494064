"""The report as text: the answer first, honest, whole, the same every time, and asking nobody for anything."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_town import recommendation, small_story, without_extras

from viz import write_report
from viz.bundle import bundle_path, bundle_text
from viz.maps import MAPS, map_json
from viz.phrases import amount, card, effect_words, number
from viz.plots import difference_plot, response_plot
from viz.report import render
from viz.report_data import closed_roads, crowding, mean_speed_kmh, page_data, shown_first
from viz.story import Story


@pytest.fixture(scope="module")
def story() -> Story:
    return small_story()


@pytest.fixture(scope="module")
def page(story: Story) -> str:
    return render(story)


def _own(page: str) -> str:
    """The page without the deck.gl bundle."""
    return page.replace(bundle_text(), "")


def test_the_answer_comes_first_and_says_what_cannot_be_told(page: str) -> None:
    assert page.index('id="answer"') < page.index('id="maps"') < page.index('id="table"')
    assert "−12 s" in page and "−16 to −8; 8 pairs" in page
    assert "We cannot tell whether this changes it" in page and "无法判断是否有变化" in page


def test_every_map_names_openstreetmap(page: str, story: Story) -> None:
    maps = page.count('class="canvas" data-kind=')
    assert maps == 4 and page.count('<p class="attribution">© OpenStreetMap contributors') == maps
    anonymous = replace(story, city=replace(story.city, attribution=""))  # type: ignore[type-var]
    assert _own(render(anonymous)).count('<p class="attribution">© OpenStreetMap contributors') == maps


def test_nothing_is_fetched(page: str) -> None:
    own = _own(page)
    assert page.count("createDeck") > own.count("createDeck"), "the bundle is inside"
    assert not re.search(r"(?:src|href)=\"(?!data:|#)|url\((?!#)|@import", own)
    outside = set(re.findall(r"https?://([^/\"]+)", own))
    assert outside == {"www.w3.org"}, "names of XML spaces, no addresses"


def test_the_same_story_gives_the_same_bytes(page: str, story: Story) -> None:
    assert render(story) == page


def test_it_is_small_and_lands_whole(tmp_path: Path, story: Story) -> None:
    path = write_report(tmp_path / "deep" / "report.html", story)
    assert path.stat().st_size < 12e6
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]


def test_invalid_members_and_guesses_are_named(page: str) -> None:
    assert "3 of 24 members are invalid" in page and "gridlock" in page
    assert "population: guessed from building volume" in page and "demand is guessed" in page


def test_a_title_with_a_script_in_it_stays_a_title(story: Story) -> None:
    evil = {"en": "<script>alert(1)</script>", "zh": "</script><img src=x>"}
    told = _own(render(replace(story, title=evil, recommendations=(recommendation("event", evil, "better", -1.0),))))
    assert "<script>alert" not in told and "<img src=x" not in told


def test_a_name_in_the_data_cannot_close_the_script(story: Story) -> None:
    markers = (replace(story.markers[0], label="</script><b>x"),)
    own = _own(render(replace(story, markers=markers)))
    data = own.split('id="data-page">')[1].split("</script>")[0]
    assert "</script><b>x" in [marker["label"] for marker in json.loads(data)["blocks"]["markers"]]


def test_a_story_with_roads_alone_is_a_report_too(story: Story) -> None:
    told = render(without_extras(story))
    assert "The searches found nothing to recommend" in told
    assert told.count('class="canvas" data-kind=') == 1


def test_maps_open_with_the_alternative_whose_routes_differ(story: Story) -> None:
    assert shown_first(story) == "signals"
    assert shown_first(replace(story, alternatives=story.alternatives[:1])) == "as_is"


@pytest.mark.parametrize("kind", sorted(MAPS))
def test_decks_ask_for_no_basemap(kind: str, story: Story) -> None:
    spec = map_json(kind, story.city)
    assert not spec["deck"].get("mapProvider") and not spec["deck"].get("mapStyle")
    ids = [layer["id"] for layer in spec["deck"]["layers"]]
    assert ids[:5] == ["land", "green", "water", "buildings", "streets"] and set(MAPS[kind]) <= set(ids)


def test_page_data_has_a_frame_for_every_alternative_and_time(story: Story) -> None:
    data = page_data(story)
    frames = len(data["times_s"])
    for alternative in story.alternatives:
        assert data["blocks"]["roads"][alternative.key]["shape"] == [frames, 84]
        assert data["blocks"]["crowd"][alternative.key]["shape"][0] == frames
    assert data["blocks"]["depth"]["frames"]["shape"][0] == frames
    assert data["calls"]["as_is"][1]["arrival_s"] is None


def test_series_are_what_the_tables_say() -> None:
    edges = pd.DataFrame(
        {
            "time_s": [60, 60, 120, 120],
            "speed_mps": [10.0, 5.0, np.nan, 4.0],
            "density_vpkm": [10.0, 30.0, 0.0, 5.0],
            "closed": [False, True, True, True],
        }
    )
    assert closed_roads(edges)[1].tolist() == [1, 2]
    assert mean_speed_kmh(edges)[1].tolist() == pytest.approx([3.6 * (100 + 150) / 40, 3.6 * 4])
    links = pd.DataFrame({"time_s": [0, 0, 0], "walkers": [1, 1, 198], "density_pm2": [5.0, 4.0, 1.0]})
    assert crowding(links)[1].tolist() == [4.0], "two of two hundred meet four or more"


def test_numbers_are_short_and_true() -> None:
    assert [number(v) for v in (0.0, 0.004, 3.14159, -31.46, 1234.6, None, float("nan"))] == [
        "0",
        "0",
        "3.14",
        "−31.5",
        "1,235",
        "–",
        "–",
    ]
    assert number(2.0, signed=True) == "+2" and number(-2.0, signed=True) == "−2"
    assert amount(1500.0, "s") == {"en": "25 min", "zh": "25 分钟"}


def test_long_times_keep_their_interval_in_the_same_unit() -> None:
    effect = {
        "measure": "egress_p90_s",
        "unit": "s",
        "difference": -1200.0,
        "low": -1500.0,
        "high": 0.0,
        "n": 8,
        "verdict": "better",
    }
    assert effect_words(effect).sentence["en"].endswith("−20 min (90 % interval −25 to 0; 8 pairs)")


def test_a_card_survives_missing_fields() -> None:
    bare = {
        "title": {"en": "x"},
        "effect": {"measure": "m", "difference": None, "low": None, "high": None, "verdict": "cannot tell"},
    }
    told = card(bare)
    assert told.effect.difference["en"] == "–" and told.rests_on == () and told.alternatives == ()


def test_plots_speak_both_languages_and_repeat() -> None:
    row = {"label": "A", "difference": -3.0, "low": -5.0, "high": -1.0, "verdict": "better"}
    english, chinese = (difference_plot([row], "s", language) for language in ("en", "zh"))
    assert "difference from as it is (s)" in english and "与现状之差（s）" in chinese
    assert english == difference_plot([row], "s", "en")
    assert "#0072b2" in english and "#0072b2" not in difference_plot([{**row, "verdict": "worse"}], "s", "en")


def test_a_call_that_nobody_answered_says_so() -> None:
    assert "not answered" in response_plot({"A": {"call-1": None, "call-2": 7.0}}, "en")


def test_the_bundle_is_found_and_safe_inside_a_script() -> None:
    assert bundle_path().stat().st_size > 1e6
    assert "</script" not in bundle_text() and "sourceMappingURL=index" not in bundle_text()
