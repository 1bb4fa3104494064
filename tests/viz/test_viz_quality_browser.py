"""The quality page in a real Chromium: it draws, flies, filters, switches language, and fits every screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_quality import small_quality
from watched import SIZES, Watched, colours

from viz import render_quality

pytestmark = pytest.mark.browser


def opened(browser: Any, folder: Path, size: str = "desk", **more: Any) -> Watched:
    path = folder / "quality.html"
    path.write_text(render_quality(*small_quality(**more)), encoding="utf-8")
    seen = Watched(browser, size)
    seen.page.goto(path.as_uri())
    seen.until(lambda: seen.run("window.qualityReady === true"), "the page did not open")
    return seen


@pytest.fixture(scope="module")
def seen(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    watched = opened(browser, tmp_path_factory.mktemp("quality"))
    yield watched
    watched.page.close()


def test_it_draws_and_asks_for_nothing(seen: Watched) -> None:
    assert colours(seen.picture("#map")) > 40, "the map is blank"
    assert seen.run("window.qualityMap.layers.signs.props.data.length") == 200
    assert seen.errors == []
    assert [url for url in seen.asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("size", sorted(SIZES))
def test_it_fits_every_screen_with_very_long_names(browser: Any, tmp_path: Path, size: str) -> None:
    long = opened(browser, tmp_path, size, street="Pohjoisesplanadinkatujenristeyksenalikulku" * 4, doubts=8)
    for language in (0, 1):
        assert long.run("document.documentElement.scrollWidth") <= SIZES[size][0], "something runs off the side"
        small = "[...document.querySelectorAll('main p, .told, .row small, .group, summary small')].filter((n) =>"
        small += " n.offsetParent && parseFloat(getComputedStyle(n).fontSize) < 10.5).map((n) => n.textContent)"
        assert long.run(small) == [], "too small to read"
        if language == 0:
            long.page.click("#language")
    assert "检查" in long.page.inner_text("#checks h2")
    long.page.close()


def test_a_row_flies_to_its_place_and_shows_the_roads(seen: Watched) -> None:
    before = seen.run("window.qualityMap.view.zoom")
    seen.page.click("#doubt-rows li:first-child .row")
    assert seen.run("window.qualityMap.view.zoom") > before
    assert seen.run("window.qualityMap.layers.picked.props.look.widths.filter((width) => width > 0).length") == 2, (
        "both edges of the street"
    )
    assert "Pohjoiskatu 0: guessed" in seen.page.inner_text("#card")
    assert seen.page.get_attribute("#card a", "href") == "https://www.openstreetmap.org/way/1"
    assert seen.page.get_attribute("#doubt-rows li:first-child .row", "aria-current") == "true"
    seen.page.click("#card-close")
    assert not seen.page.is_visible("#card")
    seen.page.click("[data-zoom='0']")


def test_a_sign_on_the_map_tells_what_it_is(seen: Watched) -> None:
    place = seen.run(
        """(() => {
          const map = window.qualityMap, sign = map.layers.signs.props.data.at(-1), port = map.deck.getViewports()[0];
          const box = document.querySelector("#map canvas").getBoundingClientRect(), at = port.project(sign.at);
          return [box.left + at[0], box.top + at[1]];
        })()"""
    )
    seen.page.mouse.move(*place)
    seen.until(
        lambda: "guessed" in seen.run("document.querySelector('.deck-tooltip')?.innerText ?? ''"),
        "no text where the mouse points",
    )
    seen.page.mouse.click(*place)
    seen.until(lambda: seen.page.is_visible("#card"), "no card for the sign")
    seen.page.click("#card-close")


def test_a_group_can_be_hidden(seen: Watched) -> None:
    first = seen.page.inner_text("#doubt-rows li:first-child")
    group = seen.run("String(window.qualityMap.rows.at(-1).group)")
    before = seen.picture("#map")
    seen.page.click(f".group[data-group='{group}']")
    assert seen.page.inner_text("#doubt-rows li:first-child") != first
    assert (np.abs(before - seen.picture("#map")).max(axis=2) > 0.1).mean() > 0.0005
    seen.page.click(f".group[data-group='{group}']")
    assert seen.page.inner_text("#doubt-rows li:first-child") == first


def test_a_check_opens_and_its_places_are_ringed(seen: Watched) -> None:
    seen.page.click(".check[data-check='strongly_connected'] summary")
    assert "fix of strongly_connected" in seen.page.inner_text(".check[data-check='strongly_connected']")
    seen.page.click(".ring[data-check='strongly_connected']")
    assert seen.run("window.qualityMap.layers.rings.props.data.length") == 1
    seen.page.click(".ring[data-check='strongly_connected']")
    assert seen.run("window.qualityMap.layers.rings") is None


def test_repairs_are_filtered_by_rule_and_by_words(seen: Watched) -> None:
    rows = "document.querySelectorAll('#repair-rows li').length"
    assert seen.run(rows) == 60 and seen.page.is_visible("#more")
    seen.page.click("#more")
    assert seen.run(rows) == 130
    seen.page.select_option("#rule", "signal_joined")
    assert seen.run(rows) == 60
    seen.page.fill("#search", "lanes=7")
    assert "lanes=7" in seen.page.inner_text("#repair-rows") and seen.run(rows) < 10
    seen.page.fill("#search", "no such thing")
    assert seen.page.is_visible("#repairs-empty")
    seen.page.fill("#search", "")
    seen.page.select_option("#rule", "")


def test_the_whole_page_changes_its_language(seen: Watched) -> None:
    seen.page.click("#language")
    text = seen.page.inner_text("body")
    assert "推测" in text and "未通过" in text and "guessed" not in seen.page.inner_text("#doubts")
    assert seen.page.get_attribute("[data-zoom='1']", "aria-label") == "放大"
    seen.page.click("#language")


def test_a_city_with_nothing_to_tell_opens_too(browser: Any, tmp_path: Path) -> None:
    empty = opened(browser, tmp_path, doubts=0, repairs=0)
    assert "No doubts" in empty.page.inner_text("#doubts") and empty.errors == []
    assert colours(empty.picture("#map")) > 8
    empty.page.close()
