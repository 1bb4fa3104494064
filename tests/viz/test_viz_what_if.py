"""A planner in Chromium: from sign-in over a line across a street to the comparison, the files and the method."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from accessible import violations
from planning_town import build_town
from small_town import small_city
from watched import SIZES, Watched

from scenarios import read_scenario
from twin.api.behind import Behind, StateFeed
from twin.api.entrance import Entrance
from twin.api.listening import Listening
from twin.desk import Desk, People
from twin.whatif import WhatIfs
from viz import base_layers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(2400)]
PATIENCE_S = 1500  # a what-if takes half a minute of processor, and a busy machine gives little
CHINESE = re.compile("[一-鿿]")
SCRIPT = "<script>window.broken = true</script>"


class Served:
    """A planning desk that wants everybody to sign in, and one token for each role."""

    def __init__(self, folder: Path, city: Any, *, works: bool = True) -> None:
        self.city = city
        self.desk = Desk.open(folder / "desk.sqlite")
        people = People(self.desk.book)
        people.add("chief", "administrator")
        self.tokens = {role: people.add(f"the {role}", role) for role in ("planner", "viewer")}
        self.queue = WhatIfs(self.city, folder / "runs", folder / "what-if")
        if works:
            self.queue.start()
        entrance = Entrance(Listening(port=0), sign_in=True)
        self.listening = entrance.open()
        port = self.listening.getsockname()[1]
        behind = Behind(
            self.desk, StateFeed(dict), layers=lambda: base_layers(self.city), what_ifs=self.queue, front="/what-if"
        )
        self.server = uvicorn.Server(entrance.config(entrance.app(behind, port)))
        threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True).start()
        self.address = f"http://127.0.0.1:{port}/"

    def stop(self) -> None:
        self.queue.close()
        self.server.should_exit = True
        time.sleep(0.5)
        self.listening.close()
        self.desk.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    one = Served(folder, build_town(folder))
    yield one
    one.stop()


def signed_in(browser: Any, served: Served, role: str, size: str = "desk") -> Watched:
    watched = Watched(browser, size)
    watched.page.set_default_timeout(120_000)
    watched.page.goto(served.address)
    watched.page.fill("#token", served.tokens[role])
    watched.page.click("button[type=submit]")
    ready = "window.whatIfReady === true && window.whatIfSeen >= 1"
    watched.until(lambda: "/what-if" in watched.page.url and watched.run(ready), "the planning desk did not open")
    return watched


def on_map(page: Any, lon: float, lat: float) -> tuple[float, float]:
    """Where a place is in the window, as the page itself draws it."""
    box = page.locator("#map").bounding_box()
    x, y = page.evaluate("([lon, lat]) => window.whatIfMap.deck.getViewports()[0].project([lon, lat])", [lon, lat])
    return box["x"] + x, box["y"] + y


@pytest.fixture(scope="module")
def planned(browser: Any, served: Served) -> Iterator[Watched]:
    """What the planner did: a line across a street, one response, two members, run."""
    watched = signed_in(browser, served, "planner")
    page = watched.page
    page.fill("#name", SCRIPT)
    page.fill("#until", "17:15")
    page.fill("#scale", "3")
    page.uncheck("input[value=equilibrium]")
    page.fill("#members", "2")
    line = served.city.layer("edges").set_index("edge_id").geometry.to_crs(4326)["-1003#2"]
    middle = line.interpolate(0.5, normalized=True)
    page.click("[data-tool=closure]")
    page.mouse.move(*on_map(page, middle.x, middle.y - 0.0002))
    page.mouse.down()
    page.mouse.move(*on_map(page, middle.x, middle.y + 0.0002), steps=4)
    page.mouse.up()
    page.keyboard.press("Escape")
    page.click("#run")
    watched.until(lambda: served.queue.all(), f"nothing was asked: {page.inner_text('#problem')}")
    (one,) = served.queue.all()
    end = time.monotonic() + PATIENCE_S
    while served.queue.one(one.key).state in ("waiting", "running") and time.monotonic() < end:
        page.wait_for_timeout(500)
    watched.until(lambda: watched.run("window.whatIfShown === 2"), f"no result: {served.queue.one(one.key).told}")
    yield watched
    page.close()


@pytest.mark.full
def test_the_line_closed_the_street_in_both_directions(planned: Watched, served: Served) -> None:
    (one,) = served.queue.all()
    scenario = read_scenario(one.folder / "scenario.yaml")
    (item,) = scenario.interventions
    assert item.kind == "road_closure" and set(item.edges) == {"-1003#2", "1003#2"}
    assert one.who == "the planner" and scenario.title.en == SCRIPT
    assert not planned.run("window.broken === true"), "a script in a name is a text"


@pytest.mark.full
def test_the_comparison_is_on_the_page(planned: Watched) -> None:
    page = planned.page
    assert page.locator("#result table").count() == 3, "measures, benefits, totals of the assignment"
    assert "before" in page.inner_text("#result thead >> nth=0") and "Travel time" in page.inner_text("#tag")
    planned.until(lambda: page.is_visible("#right"), "the two maps")
    page.click(".bar [data-view=difference]")
    assert not page.is_visible("#right")
    for words in ("scenario.yaml", "assigned.zip", "user_benefits.csv"):
        with page.expect_download() as coming:
            page.click(f".files a[href*='{words}']")
        assert Path(coming.value.path()).stat().st_size > 100


@pytest.mark.full
def test_a_chinese_page_has_no_english_of_its_own(planned: Watched) -> None:
    page = planned.page
    page.click("#language")
    told = page.inner_text("#draw") + page.inner_text("#result") + page.inner_text(".bar") + page.inner_text("#legend")
    told = re.sub(r"Up \d|Across \d|UTC|OMX|CSV|JSON|TAG|USD|US DOT|Esc", "", told)
    english = {one for one in re.findall(r"[A-Za-z]{4,}(?: [a-z]{3,})+", told) if not CHINESE.search(one)}
    page.click("#language")
    assert not english


@pytest.mark.full
def test_a_comparison_can_be_read_by_everybody_at_every_size(planned: Watched) -> None:
    found = []
    for name, (width, height) in SIZES.items():
        planned.page.set_viewport_size({"width": width, "height": height})
        if name == "phone":
            planned.page.click(".tabs [data-tab=results]")
        assert planned.run("document.documentElement.scrollWidth") <= width
        found += [f"{name}: {line}" for line in violations(planned.page)]
    planned.page.set_viewport_size({"width": SIZES["desk"][0], "height": SIZES["desk"][1]})
    assert found == []


@pytest.mark.full
def test_the_method_page_says_how_to_repeat_it(planned: Watched) -> None:
    with planned.page.expect_popup() as popup:
        planned.page.click(".files a[href*='method']")
    method = popup.value
    method.wait_for_load_state()
    told = method.inner_text("main")
    assert "twin run" in told and "paired t-test" in told and "road_closure" in told
    method.close()


@pytest.mark.full
def test_nothing_went_wrong_and_nothing_was_asked_outside(planned: Watched, served: Served) -> None:
    assert planned.errors == []
    assert [url for url in planned.asked if not url.startswith((served.address, "data:", "blob:"))] == []


@pytest.mark.usefixtures("planned")
@pytest.mark.full
def test_who_may_only_look_cannot_run_and_sees_the_same(browser: Any, served: Served) -> None:
    watched = signed_in(browser, served, "viewer", "phone")
    page = watched.page
    assert page.is_disabled("#run") and "may look" in page.inner_text("#problem")
    page.click(".tabs [data-tab=asked]")
    page.click("#list .pick")
    watched.until(lambda: watched.run("window.whatIfShown === 2"), "the comparison")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_an_empty_planning_desk_says_so_and_a_viewer_may_only_look(browser: Any, tmp_path: Path) -> None:
    one = Served(tmp_path, small_city(), works=False)
    watched = signed_in(browser, one, "viewer")
    page = watched.page
    assert page.is_disabled("#run") and "may look" in page.inner_text("#problem")
    assert page.inner_text("#list") == "Nothing was asked yet."
    page.click("#language")
    assert "尚未提交任何情景" in page.inner_text("#list") and watched.errors == []
    page.close()
    one.stop()
