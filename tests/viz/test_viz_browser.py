"""The pages in a real Chromium: they open, draw, move and switch language, with no error and no request outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from small_server import SmallServer, occupancy, state_of
from small_town import small_story
from watched import SIZES, Watched, colours

from viz import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    path = write_report(tmp_path_factory.mktemp("report") / "report.html", small_story())
    watched = Watched(browser, "desk")
    watched.page.goto(path.as_uri())
    watched.until(lambda: watched.run("window.reportReady === true"), "the report did not open")
    yield watched
    watched.page.close()


@pytest.fixture()
def server() -> Iterator[SmallServer]:
    served = SmallServer()
    yield served
    served.stop()


def open_cockpit(browser: Any, server: SmallServer, size: str) -> Watched:
    watched = Watched(browser, size)
    watched.page.goto(server.address)
    watched.until(lambda: watched.run("window.cockpitSeen >= 1 && !!window.cockpitMap"), "the cockpit did not open")
    return watched


def move_slider(report: Watched, frame: int) -> None:
    report.page.evaluate(
        "(f) => { const s = document.getElementById('slider'); s.value = f; s.dispatchEvent(new Event('input')); }",
        frame,
    )


MAPS_SHOWN = [f"#map-{kind}" for kind in ("traffic", "flood", "crowd", "ambulance")]


def test_the_report_draws_and_asks_for_nothing(report: Watched) -> None:
    for selector in MAPS_SHOWN:
        assert colours(report.picture(selector)) > 40, f"{selector} is blank"
    assert report.errors == []
    assert [url for url in report.asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("size", sorted(SIZES))
def test_the_report_fits_every_screen(report: Watched, size: str) -> None:
    report.page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    assert report.run("document.documentElement.scrollWidth") <= SIZES[size][0], "nothing runs off the side"
    small = report.run(
        "[...document.querySelectorAll('main p, main td, main li, button')].filter((n) => n.offsetParent"
        " && parseFloat(getComputedStyle(n).fontSize) < 11).map((n) => n.textContent)"
    )
    assert small == [], "too small to read"


def test_the_slider_moves_every_map_and_no_view(report: Watched) -> None:
    report.page.click("#map-traffic [data-zoom='1']")
    zoom = report.run("window.reportMaps.map((map) => map.view.zoom)")
    assert len({round(z, 6) for z in zoom}) == 1, "the maps stay together"
    before = [report.picture(selector) for selector in MAPS_SHOWN]
    move_slider(report, 0)
    assert report.page.inner_text("#clock") == "17:00"
    report.page.wait_for_timeout(800)
    for selector, a in zip(MAPS_SHOWN, before, strict=True):
        assert (np.abs(a - report.picture(selector)).max(axis=2) > 0.1).mean() > 0.002, f"{selector} did not move"
    assert report.run("window.reportMaps.map((map) => map.deck.getViewports()[0].zoom)") == pytest.approx(zoom)


def test_playing_moves_the_clock_and_a_scenario_can_be_chosen(report: Watched) -> None:
    move_slider(report, 40)
    clock = report.page.inner_text("#clock")
    report.page.click("#play")
    report.until(lambda: report.page.inner_text("#clock") != clock, "the clock stands still")
    report.page.click("#play")
    shown = report.picture("#map-traffic")
    report.page.click(".choice[data-key='as_is']")
    report.until(lambda: np.abs(shown - report.picture("#map-traffic")).max() > 0.1, "the same traffic is drawn")


def test_the_toggle_switches_the_whole_report(report: Watched) -> None:
    assert "The answer first" in report.page.inner_text("main") and "结论先行" not in report.page.inner_text("main")
    report.page.click("#language")
    text = report.page.inner_text("main")
    assert "结论先行" in text and "The answer first" not in text
    assert report.page.get_attribute("[data-zoom='1']", "aria-label") == "放大"


def test_a_printed_report_has_its_maps_and_details(report: Watched) -> None:
    report.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert report.run("[...document.querySelectorAll('img.printed')].map((i) => i.src.length > 5000)") == [True] * 4
    assert report.run("[...document.querySelectorAll('details')].every((d) => d.open)")
    report.page.emulate_media(media="print")
    assert report.run("[...document.querySelectorAll('img.printed')].every((i) => i.offsetHeight > 100)")
    assert report.run("document.getElementById('slider').offsetParent") is None
    report.page.emulate_media(media="screen")


def test_the_cockpit_draws_and_a_new_state_keeps_the_view(browser: Any, server: SmallServer) -> None:
    seen = open_cockpit(browser, server, "desk")
    assert colours(seen.picture("#map")) > 40, "the map is blank"
    assert "412" in seen.page.inner_text("#figures")
    for size in SIZES.values():
        seen.page.set_viewport_size({"width": size[0], "height": size[1]})
        assert seen.run("document.documentElement.scrollWidth") <= size[0]
    seen.page.set_viewport_size({"width": 1280, "height": 800})
    seen.until(lambda: server.listeners, "nobody listens")
    seen.page.click("[data-zoom='1']")
    view = seen.run("window.cockpitMap.view")
    before = seen.picture("#map")
    server.send(state_of(server.city, minute=7))
    seen.until(lambda: seen.page.inner_text("#time") == "18:07", "the new state did not arrive")
    assert (np.abs(before - seen.picture("#map")).max(axis=2) > 0.1).mean() > 0.005, "the map did not move"
    kept = seen.run("window.cockpitMap.deck.getViewports()[0].zoom")
    assert kept == pytest.approx(view["zoom"]) and seen.run("window.cockpitMap.view.longitude") == view["longitude"]
    seen.page.press("#moment", "ArrowRight")
    seen.until(lambda: "in 30 min" in seen.page.inner_text("#moment-words"), "the time line did not move")
    assert seen.errors == [], "under a strict policy"
    assert [url for url in seen.asked if not url.startswith((server.address, "data:", "blob:"))] == []
    seen.page.close()


def test_a_decision_names_who_and_why(browser: Any, server: SmallServer) -> None:
    seen = open_cockpit(browser, server, "phone")
    seen.page.click(".tabs [data-tab='decide']")
    seen.page.click("[data-rec='rec-signal_timing'] .approve")
    seen.page.click("#decision-send")
    assert server.decisions == [], "nothing is sent without a name and a reason"
    seen.page.fill("#who", "shift leader")
    seen.page.fill("#reason", "fits the plan for rain")
    seen.page.click("#decision-send")
    card = "[data-rec='rec-signal_timing'].decided"
    seen.until(lambda: seen.page.locator(card).count(), "the card does not show the decision")
    assert server.decisions == [
        ("rec-signal_timing", {"decision": "approve", "who": "shift leader", "reason": "fits the plan for rain"})
    ]
    assert "approved by shift leader" in seen.page.inner_text(card)
    assert seen.page.locator(f"{card} button").count() == 0
    seen.page.close()


def test_cards_say_who_must_still_approve_what_was_changed_and_what_was_taken_back(
    browser: Any, server: SmallServer
) -> None:
    state = state_of(server.city)
    first, second = state["recommendations"]
    first |= {"version": "1a2b", "approved_by": ["Ann"], "changed": "0.plans.0.phases.0.duration_s = 34"}
    second |= {"status": "withdrawn", "withdrawn": "Bo: the queue grew", "who": "Ann", "reason": "x"}
    back = {"rec_id": "back", "kind": "rollback", "effect": None, "status": "approved", "who": "Bo", "reason": "worse"}
    state["recommendations"].append(second | back | {"withdrawn": None, "title": {"en": "Back", "zh": "恢复"}})
    server.state = state
    seen = open_cockpit(browser, server, "phone")
    seen.page.click(".tabs [data-tab='decide']")
    waiting = seen.page.inner_text("[data-rec='rec-signal_timing']")
    assert "Approved by Ann; another person must" in waiting and "duration_s = 34" in waiting
    assert "withdrawn · Bo: the queue grew" in seen.page.inner_text("[data-rec='rec-visitor_guidance']")
    assert "approved by Bo: worse" in seen.page.inner_text("[data-rec='back']")
    seen.page.click("[data-rec='rec-signal_timing'] .approve")
    seen.page.fill("#who", "Bo")
    seen.page.fill("#reason", "agreed")
    seen.page.click("#decision-send")
    seen.until(lambda: server.decisions, "nothing was sent")
    assert server.decisions[0][1]["version"] == "1a2b", "what was on the card is what is approved"
    assert seen.errors == []
    seen.page.close()


def test_an_event_with_a_script_in_its_name_stays_text(browser: Any, server: SmallServer) -> None:
    evil = "<img src=x onerror=document.title='caught'>"
    state = state_of(server.city)
    state["log"] = [{"time": state["now"], "en": evil, "zh": evil}]
    state["recommendations"][0]["title"] = {"en": evil, "zh": evil}
    server.state = state
    seen = open_cockpit(browser, server, "desk")
    assert evil in seen.page.inner_text("#log") and seen.page.title() == "citytwin"
    assert seen.page.locator("img").count() == 0
    seen.page.close()


def test_nothing_to_decide_and_a_lost_connection_are_said(browser: Any) -> None:
    server = SmallServer()
    server.state = {"now": "2026-07-17T18:00:00+03:00"}
    seen = open_cockpit(browser, server, "desk")
    assert "Nothing to decide." in seen.page.inner_text("#cards")
    seen.until(lambda: server.listeners, "nobody listens")
    server.stop()
    seen.until(lambda: seen.page.locator("#lost:visible").count(), "the lost connection is not said")
    assert "18:00" in seen.page.inner_text("#lost")
    seen.page.click("#language")
    assert "连接中断" in seen.page.inner_text("#lost")
    seen.page.close()


def test_the_cockpit_tells_who_is_at_the_sites(browser: Any, server: SmallServer) -> None:
    seen = open_cockpit(browser, server, "desk")
    assert not seen.page.is_visible("#sites"), "nobody counts there"

    def shows(state: dict[str, Any]) -> str:
        before = seen.run("window.cockpitSeen")
        server.send(state_of(server.city) | {"occupancy": state})
        seen.until(lambda: seen.run("window.cockpitSeen") > before, "no new state came")
        return str(seen.page.inner_text("#sites"))

    seen.until(lambda: bool(server.listeners), "nobody listens")
    assert "No count has been heard yet." in shows(occupancy(zones=False))
    told = shows(occupancy(error=True))
    assert "The estimate failed: the figures before stand: no disk" in told and "synthetic counts" in told
    assert told.index("Old park") < told.index("pier") < told.index("\nstreet"), "the fullest first"
    for part in ("alarm 2", "742 people", "93 % of 800 (approved)", "690 to 795 (90 %)", "perhaps alarm 3 from 18:10"):
        assert part in told, part
    assert "counts are late" in told and "capacity not known" in told and "do not fit: 1" in told
    for name, (width, height) in SIZES.items():
        seen.page.set_viewport_size({"width": width, "height": height})
        if name == "phone":
            seen.page.click(".tabs [data-tab='sites']")
        assert seen.run("document.documentElement.scrollWidth") <= width and seen.page.is_visible("#sites")
    seen.page.click("#language")
    assert "2级预警" in seen.page.inner_text("#sites") and "合成计数" in seen.page.inner_text("#sites")
    assert seen.errors == []
    seen.page.close()
