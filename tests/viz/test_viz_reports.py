"""/reports in a real Chromium, on the real application: a day's report is made, opened, and read in both languages."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from watched import SIZES, Watched

from twin.api.behind import Behind, StateFeed
from twin.api.entrance import Entrance
from twin.api.listening import Listening
from twin.cycle import Picture
from twin.desk import Desk, People
from twin.live.cycles import Cycles
from twin.reports import Shelf, report_day

pytestmark = pytest.mark.browser

COPIES = """
import pathlib, shutil, sys
out = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
shutil.copytree(out.parent.parent / "ready", out)
"""
"""In place of the command, which takes a minute on a busy machine: gives the report that was made beforehand."""
TEAM = (("root", "administrator"), ("otto", "operator"), ("olga", "operator"))
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Served:
    """A town that lived through three cycles."""

    address: str
    tokens: dict[str, str]
    people: People


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("town")
    desk = Desk.open(folder / "desk.sqlite")
    for number in range(3):
        now = NOON + timedelta(minutes=5 * number)
        Cycles(desk.book).keep(Picture(f"run-{number}", now, NOON, seconds={"traffic": 2.0}), "normal", 0)
    people = People(desk.book)
    tokens = {name: people.add(name, role) for name, role in TEAM}
    report_day(folder, folder / "ready", day=None, zone=UTC, city=None, pdf=False, words=())
    shelf = Shelf(folder, folder / "reports", worker=(sys.executable, "-S", "-c", COPIES))
    entrance = Entrance(Listening(port=0), sign_in=True)
    listening = entrance.open()
    port = listening.getsockname()[1]
    behind = Behind(desk, StateFeed(dict), reports=shelf)
    server = uvicorn.Server(entrance.config(entrance.app(behind, port)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Served(f"http://127.0.0.1:{port}", tokens, people)
    shelf.close()
    server.should_exit = True
    thread.join(10)
    listening.close()
    desk.close()


def test_a_day_is_made_opened_and_read(browser: Any, served: Served) -> None:
    seen = Watched(browser, "desk")
    seen.page.goto(f"{served.address}/reports")
    seen.page.fill("input", served.tokens["otto"])
    seen.page.keyboard.press("Enter")
    seen.until(lambda: not seen.page.url.endswith("/sign-in"), "not signed in")
    seen.page.goto(f"{served.address}/reports")
    seen.until(lambda: seen.run("window.shelfReady === true"), "the page did not open")
    assert seen.page.inner_text("#none") == "No report has been made yet."
    seen.page.fill("#date", "2026-11-02")
    seen.page.click("#make")
    seen.until(lambda: seen.page.locator("#list li.made").count() == 1, "no report was made")
    for width, height in SIZES.values():
        seen.page.set_viewport_size({"width": width, "height": height})
        assert seen.run("document.documentElement.scrollWidth <= window.innerWidth")
    seen.page.click("#language")
    assert "日报 2026-11-02" in seen.page.inner_text("#list")
    assert not seen.run("/[A-Za-z]{4,} [a-z]{3,}/.test(document.querySelector('main').innerText)"), "Chinese only"
    seen.page.click("#list a.open")
    seen.until(lambda: seen.page.url.endswith("report.html#zh"), "the report did not open")
    assert "运行日报" in seen.page.inner_text("body") and "Daily operations" not in seen.page.inner_text("body")
    seen.page.click("#language")
    assert "Daily operations" in seen.page.inner_text("body"), "its own script runs"
    assert seen.errors == []
    seen.page.close()


def test_colours_and_language_hold_on_every_page_and_an_ended_session_is_said(browser: Any, served: Served) -> None:
    seen = Watched(browser, "phone")
    seen.page.context.add_cookies([{"name": "twin-token", "value": served.tokens["olga"], "url": served.address}])
    seen.page.goto(f"{served.address}/reports#theme=light")
    seen.until(lambda: seen.page.is_visible("#seat") and seen.run("window.shelfReady === true"), "no head")
    assert seen.page.inner_text("#seat-words") == "olga · operator"
    assert seen.run("document.documentElement.dataset.theme") == "light", "a link may ask for colours"
    seen.page.click("#theme")
    seen.page.click("#theme")
    seen.page.click("#language")
    assert seen.page.get_attribute("#theme", "aria-label") == "浅色或深色"
    with seen.page.expect_popup() as opened:
        seen.run("window.open('/sign-in') && 0")
    second = opened.value
    second.wait_for_load_state()
    assert second.evaluate("[document.documentElement.dataset.theme, document.documentElement.lang]") == [
        "light",
        "zh-CN",
    ]
    second.evaluate("window.cityLook.choose('theme', 'dark')")
    seen.until(lambda: seen.run("document.documentElement.dataset.theme") == "dark", "the other tab did not follow")
    seen.page.select_option("#kind", "review")
    seen.run("document.getElementById('case').replaceChildren(new Option('x', 'nobody'))")
    seen.run(
        "(async () => { document.getElementById('make').disabled = false; document.getElementById('make').click(); })()"
    )
    seen.until(lambda: seen.page.is_visible("#problem"), "not refused")
    assert not re.search("[a-z]{4}", seen.page.inner_text("#problem")), "a refusal in the reader's own language"
    served.people.renew("olga")
    seen.until(lambda: seen.page.is_visible("#session"), "the end of the session is not said")
    assert "会话已结束" in seen.page.inner_text("#session")
    seen.page.click("#session-go")
    seen.page.wait_for_url("**/sign-in")
    seen.page.fill("#token", served.tokens["otto"])
    seen.page.click("button")
    seen.page.wait_for_url("**/reports**")
    seen.page.click("#sign-out")
    seen.page.wait_for_url("**/sign-in")
    seen.page.close()
