"""Every page by axe-core in English and Chinese, light and dark, at three sizes, and beside a small picture of before.

The pictures are 32 x 24 places in 16 tones of grey: a font may differ, a part may not move, vanish or lose its colour.
After a wanted change: `RENEW=1 pytest -m full tests/viz/test_viz_accessible.py`, look at the pages, commit the file.
Maps are left out here (Chromium without WebGL): they are looked at by test_viz_browser.py.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from accessible import violations
from PIL import Image
from watched import CHROMIUM, SIZES, Watched
from whole_city import WholeCity

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(900)]
BEFORE = Path(__file__).parent / "pictures.json"
COLUMNS, ROWS, TONES, SHARE = 32, 24, 2, 0.03


@dataclass(frozen=True)
class Page:
    """A page to look at: who opens it, when it is ready, what is clicked then, and typed at last."""

    address: str
    who: str | None
    ready: str
    clicks: tuple[str, ...] = ()
    two_languages: bool = True
    pictured: bool = True
    typed: str = ""


OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
SEEN, SHELF, SPACE = "window.cockpitSeen >= 1", "window.shelfReady === true", "window.workspaceReady === true"
PLAN = "window.whatIfReady === true"
YELLOW = "[data-field='1.duration_s']"
SHEET = "document.querySelector('#view-plan svg.bars') !== null"
PAGES = {
    "sign-in": Page("/sign-in", None, "true", two_languages=False),
    "sign-in-light": Page("/sign-in#theme=light", None, "true", two_languages=False),
    "cockpit": Page("/", "Eva", SEEN),
    "cockpit-light": Page("/", "Eva", SEEN, ("#theme",)),
    "decision": Page("/", "Eva", SEEN, ("[data-rec='rec-signal'] .approve",), two_languages=False),
    "decision-light": Page("/", "Eva", SEEN, ("#theme", "[data-rec='rec-signal'] .approve"), two_languages=False),
    "wall": Page("/", "Vic", SEEN, pictured=False),
    "what-if": Page("/what-if", "Pia", PLAN),
    "what-if-light": Page("/what-if", "Pia", PLAN, ("#theme",)),
    "signals": Page("/signals", "Eva", SPACE),
    "signals-light": Page("/signals", "Eva", SPACE, ("#theme",)),
    "signal": Page("/signals#signal=A0&view=plan", "Eva", f"{SPACE} && {SHEET}"),
    "signal-light": Page("/signals#signal=A0&view=plan", "Eva", f"{SPACE} && {SHEET}", ("#theme",)),
    "signal-change": Page("/signals#signal=A0&view=change", "Eva", SPACE, (YELLOW,), pictured=False, typed="1"),
    "signal-change-light": Page(
        "/signals#signal=A0&view=change", "Eva", SPACE, ("#theme", YELLOW), pictured=False, typed="1"
    ),
    "signal-send": Page("/signals#signal=A0&view=send", "Eva", SPACE, pictured=False),
    "signal-send-light": Page("/signals#signal=A0&view=send", "Eva", SPACE, ("#theme",), pictured=False),
    "signal-way": Page("/signals#signal=A0&view=way&way=%5B%22A0%22%2C%22B0%22%5D", "Eva", SPACE, pictured=False),
    "reports": Page("/reports", "Eva", SHELF),
    "reports-light": Page("/reports", "Eva", SHELF, ("#theme",)),
    "report": Page("/reports", "Eva", SHELF, ("#list a.open",)),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeCity]:
    served = WholeCity(tmp_path_factory.mktemp("city"))
    yield served
    served.stop()
    served.desk.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt install chromium, then run again")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-3d-apis"]
        )
        yield chromium
        chromium.close()


def opened(browser: Any, city: WholeCity, page: Page) -> Watched:
    seen = Watched(browser, "desk")
    if page.who:
        cookie = {"name": "twin-token", "value": city.tokens[page.who], "url": city.address}
        seen.page.context.add_cookies([cookie])
    seen.page.goto(city.address + page.address)
    seen.until(lambda: seen.run(page.ready), f"{page.address} did not open")
    for click in page.clicks:
        seen.page.click(click)
        seen.page.wait_for_load_state()
    seen.page.keyboard.type(page.typed)
    seen.until(lambda: not page.who or seen.page.is_visible("#seat") or "/reports/" in seen.page.url, "no head")
    return seen


def tones(seen: Watched) -> str:
    """What is on the screen: a hexadecimal digit for each of the 32 x 24 greys, row by row."""
    shot = Image.open(io.BytesIO(seen.page.screenshot(animations="disabled"))).convert("L")
    grey = np.asarray(shot.resize((COLUMNS, ROWS), Image.Resampling.BOX))
    return "".join(f"{tone >> 4:x}" for tone in grey.ravel().tolist())


def unlike(a: str, b: str) -> float:
    """Share of the places whose greys are more than TONES of 16 apart."""
    one, other = (np.array([int(digit, 16) for digit in picture]) for picture in (a, b))
    return float((np.abs(one - other) > TONES).mean())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_rule_of_wcag_and_looks_as_it_did(browser: Any, city: WholeCity, name: str) -> None:
    page, kept = PAGES[name], json.loads(BEFORE.read_text()) if BEFORE.exists() else {}
    seen, found, other = opened(browser, city, page), [], []
    for language in ("en", "zh") if page.two_languages else ("en",):
        if language == "zh":
            seen.page.click("#language")
            seen.run(OPEN_ALL)
        for size, (width, height) in SIZES.items():
            seen.page.set_viewport_size({"width": width, "height": height})
            seen.page.wait_for_timeout(300)
            place = f"{name} {size} {language}"
            assert seen.run("document.documentElement.scrollWidth") <= width, f"{place} runs off the side"
            if page.pictured and language == "en":
                if os.environ.get("RENEW"):
                    kept[place] = tones(seen)
                elif (share := unlike(tones(seen), kept[place])) > SHARE:
                    other.append(f"{place}: {share:.0%} of the picture is another one")
            found += [f"{place}: {line}" for line in violations(seen.page)]
    seen.page.close()
    if os.environ.get("RENEW"):
        BEFORE.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n")
    assert found == [] and other == [], "\n".join(found + other)


def test_what_is_too_faint_is_found_and_a_part_that_is_gone_is_seen(browser: Any, city: WholeCity) -> None:
    seen = opened(browser, city, PAGES["signal-light"])
    before = tones(seen)
    assert violations(seen.page) == [] and unlike(tones(seen), before) == 0.0
    seen.run("document.querySelector('h2').style.color = '#cccccc'")
    assert any(line.startswith("color-contrast: ") for line in violations(seen.page))
    seen.run("document.getElementById('work').hidden = true")
    assert unlike(tones(seen), before) > SHARE
    seen.page.close()


INKS = """(() => {
  const { sketch } = window.cockpitEarly, { width, height } = sketch.canvas, inks = new Set(), levels = new Set();
  const { data } = sketch.canvas.getContext("2d").getImageData(0, 0, width, height);
  for (let i = 0; i < data.length; i += 4) inks.add(data.slice(i, i + 3).join());
  for (let i = 0; i < sketch.tones.length; i += 4) levels.add(sketch.tones.slice(i, i + 3).join());
  return [...levels].filter((level) => inks.has(level)).length;
})()"""
"""How many levels of service have their colour somewhere in the drawing."""


def test_without_webgl_the_pages_say_so_and_a_planner_closes_streets_by_name(browser: Any, city: WholeCity) -> None:
    seen = opened(browser, city, PAGES["what-if"])
    assert "cannot draw maps" in seen.page.inner_text("#map-message")
    assert seen.page.is_disabled("[data-tool=closure]") and "by their names" in seen.page.inner_text("#hint")
    assert seen.page.input_value("#name") == "My what-if" and seen.page.input_value("#zone") == "2"
    seen.page.fill("#street", "Pohjoiskatu 3")
    seen.page.click("#close-street")
    seen.page.click("#language")
    assert "Pohjoiskatu 3" in seen.page.inner_text("#changes") and "无法绘制地图" in seen.page.inner_text(
        "#map-message"
    )
    assert seen.errors == []
    seen.page.close()
    seen = opened(browser, city, PAGES["cockpit"])
    assert "the map shows traffic alone" in seen.page.inner_text("#map-message")
    assert seen.run(INKS) > 1, "streets are drawn all the same, each in the colour of its traffic"
    seen.run("document.getElementById('theme').click()")
    assert seen.run(INKS) > 1, "in the other colours, too"
    assert violations(seen.page) == [] and not seen.page.is_visible(".zoom")
    seen.page.close()


def test_a_server_that_is_away_is_told_in_words_that_can_be_read(browser: Any, city: WholeCity) -> None:
    screens = [opened(browser, city, PAGES[name]) for name in ("cockpit", "cockpit-light")]
    city.stop()
    for seen in screens:
        seen.until(lambda seen=seen: seen.page.is_visible("#lost"), "not told")
        assert "Connection lost" in seen.page.inner_text("#lost") and violations(seen.page) == []
        seen.page.close()
    city.start()


@pytest.mark.parametrize("name", ["cockpit", "what-if", "signals", "reports"])
def test_before_the_first_answer_no_page_says_that_there_is_nothing(browser: Any, city: WholeCity, name: str) -> None:
    seen = Watched(browser, "phone")
    seen.page.context.add_cookies([{"name": "twin-token", "value": city.tokens["Eva"], "url": city.address}])
    seen.page.route("**/api/**", lambda _held: None)
    seen.page.goto(city.address + PAGES[name].address, wait_until="commit")
    seen.until(lambda: seen.page.get_attribute("#theme", "aria-label"), "the head does not work without an answer")
    shown = seen.run("document.body.textContent")
    assert not re.search(r"Nothing (to|has|was)|has no signals|No report", shown) and "…" in shown
    seen.page.click("#language")
    assert not re.search("尚无事件|尚未提交|没有信号机|尚未生成", seen.page.inner_text("body"))
    assert violations(seen.page) == [] and seen.errors == []
    seen.page.close()
