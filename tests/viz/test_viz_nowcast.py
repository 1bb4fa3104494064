"""The nowcast's page: pictures byte for byte, and the page in Chromium."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_radar import GRID, cells, frames_of
from watched import SIZES, Watched

from models.flood.rain import nowcast_rain
from viz.rain.classes import CHANCE, RAIN, UNKNOWN
from viz.rain.ground import arrows
from viz.rain.nowcast_page import nowcast_page
from viz.rain.png import picture

MIDDLE = tuple(float(one) for one in GRID.places(32.5, 32.5))


def small_page() -> str:
    rates = np.stack([cells(36 - at, 24 + 2 * at) for at in range(3)])
    rates[:, :, :3] = np.nan
    frames = frames_of(rates)
    return nowcast_page(frames, nowcast_rain(frames, members=3, leads=4), MIDDLE)  # type: ignore[arg-type]


def test_a_picture_shows_its_classes() -> None:
    from matplotlib.image import imread

    values = np.array([[0.0, 0.1, 1.99], [2.0, 60.0, np.nan]])
    assert RAIN.of(values).tolist() == [[0, 1, 3], [4, 8, 9]]
    seen = imread(io.BytesIO(base64.b64decode(picture(values, RAIN).split(",")[1])), format="png")
    told = np.round(seen * 255).astype(int)
    assert told[0, 0, 3] == 0, "no rain is clear"
    assert told[1, 0, :3].tolist() == list(RAIN.colours[3]) and told[1, 2, :3].tolist() == list(UNKNOWN)
    assert CHANCE.of(np.array([0.5, 0.3, 0.05])).tolist() == [3, 2, 0], "a class begins at its step"


def test_more_rain_is_darker() -> None:
    for classes in (RAIN, CHANCE):
        light = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in classes.colours]
        assert light == sorted(light, reverse=True)


def test_arrows_point_where_the_rain_goes() -> None:
    east = arrows(np.broadcast_to(np.array([0.0, 2.0])[:, None, None], (2, 50, 50)), 6)
    assert len(east) == 50 and 'points="5,5 17,5"' in east[0]
    assert len(arrows(np.zeros((2, 50, 50)), 6)) == 25, "a dot where it stands"


def test_the_page_is_the_same_twice_and_says_what_it_rests_on() -> None:
    text = small_page()
    assert text == small_page()
    for words in ("No gauges: radar alone", "No frame is missing.", "没有缺失的雷达帧。", "光流法"):
        assert words in text


def test_the_page_says_whose_members_they_are() -> None:
    frames = frames_of(np.stack([cells(36 - at, 24 + 2 * at) for at in range(3)]))
    cast = replace(nowcast_rain(frames, members=2, leads=2), engine="pysteps")
    text = nowcast_page(frames, cast, MIDDLE)  # type: ignore[arg-type]
    assert "Members by pysteps" in text and "10 % along" not in text


@pytest.fixture(scope="module")
def seen(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    path = tmp_path_factory.mktemp("nowcast") / "nowcast.html"
    path.write_text(small_page(), encoding="utf-8")
    watched = Watched(browser, "desk")
    watched.page.goto(path.as_uri())
    watched.until(lambda: watched.run("window.rainReady === true"), "the page did not open")
    yield watched
    watched.page.close()


def move_to(seen: Watched, at: int) -> None:
    script = f"m.value = {at}; m.dispatchEvent(new Event('input'))"
    seen.run(f"() => {{ const m = document.getElementById('rain-moment'); {script} }}")


@pytest.mark.browser
def test_the_slider_goes_from_what_was_seen_to_what_may_come(seen: Watched) -> None:
    shown = "document.getElementById('rain-picture').getAttribute('href')"
    assert seen.run(shown) == seen.run("rain.observed[2]") and "seen by radar" in seen.page.inner_text(".rain-clock")
    move_to(seen, 4)
    assert seen.run(shown) == seen.run("rain.layers['mean'][1]")
    assert "12:20 UTC" in seen.page.inner_text(".rain-clock") and "+10 min" in seen.page.inner_text(".rain-clock")
    assert "forecast" in seen.page.inner_text(".rain-clock")
    seen.page.click("input[value='chance-1']")
    assert seen.run(shown) == seen.run("rain.layers['chance-1'][1]")
    assert "Chance, from" in seen.page.inner_text(".rain-side") and "Rain, mm/h" not in seen.page.inner_text(
        ".rain-side"
    )
    move_to(seen, 0)
    assert seen.run(shown) == seen.run("rain.observed[0]"), "what was seen has no chance"
    assert seen.errors == [] and [url for url in seen.asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.browser
def test_it_plays_and_stops(seen: Watched) -> None:
    move_to(seen, 0)
    seen.page.click("#rain-play")
    seen.until(lambda: seen.run("Number(document.getElementById('rain-moment').value) >= 2"), "it does not play")
    seen.page.click("#rain-play")
    assert seen.run("playing === 0")


@pytest.mark.browser
@pytest.mark.parametrize("size", sorted(SIZES))
def test_it_fits_every_screen_in_both_languages(browser: Any, tmp_path: Path, size: str) -> None:
    path = tmp_path / "nowcast.html"
    path.write_text(small_page(), encoding="utf-8")
    for end in ("", "#zh"):
        page = Watched(browser, size)
        page.page.goto(path.as_uri() + end)
        assert page.run("document.documentElement.scrollWidth") <= SIZES[size][0]
        assert ("未来一小时降雨" in page.page.inner_text("header")) == bool(end)
        page.page.close()
