"""The signals' workspace in a real Chromium, on the real application: an engineer's task from sign-in to the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_signals import SignalServer
from watched import SIZES, Watched, colours

from viz.signals.pages.workspace import FORMATS, LOCALES, workspace_asset, workspace_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignalServer]:
    server = SignalServer(tmp_path_factory.mktemp("signals"))
    yield server
    server.stop()


def opened(browser: Any, served: SignalServer, name: str, size: str = "desk", hash_: str = "") -> Watched:
    """The workspace, signed in."""
    seen = Watched(browser, size)
    seen.page.set_default_timeout(90_000)  # a machine may be busy
    seen.page.goto(f"{served.address}/signals")
    assert seen.page.url.endswith("/sign-in"), "nobody comes in without a token"
    seen.page.fill("input", served.tokens[name])
    seen.page.keyboard.press("Enter")
    seen.until(lambda: not seen.page.url.endswith("/sign-in"), "not signed in")
    seen.page.goto(f"{served.address}/signals{hash_}")
    seen.until(lambda: seen.run("window.workspaceReady === true"), "the workspace did not open")
    seen.errors.clear()
    return seen


def change(seen: Watched, field: str, value: str) -> str:
    """Type a time; what the check says then."""
    seen.page.fill(f"[data-field='{field}']", "")
    told = seen.page.inner_text("#verdict")
    seen.page.fill(f"[data-field='{field}']", value)
    seen.until(lambda: seen.page.inner_text("#verdict") != told, "the check says nothing new")
    return str(seen.page.inner_text("#verdict"))


def fits(seen: Watched) -> None:
    """Nothing runs off the side, whatever the screen."""
    for width, height in SIZES.values():
        seen.page.set_viewport_size({"width": width, "height": height})
        assert seen.run("document.documentElement.scrollWidth") <= width
    seen.page.set_viewport_size({"width": 1280, "height": 800})


def test_an_engineer_changes_a_plan_looks_at_the_wave_and_puts_it_on_the_desk(
    browser: Any, served: SignalServer
) -> None:  # fmt: skip
    seen = opened(browser, served, "ann")
    assert colours(seen.picture("#map")) > 20 and seen.page.locator("#list li").count() == 4
    assert "Signals" in seen.page.inner_text("#pages")
    seen.page.click("[data-signal='A0'] .open")
    seen.until(lambda: seen.page.locator("#view-plan svg.bars").count(), "no sheet")
    fits(seen)
    seen.page.click("#tab-change")
    assert "Nothing is changed yet" in seen.page.inner_text("#verdict")
    today = float(seen.page.input_value("[data-field='0.duration_s']"))
    assert "since the change" in change(seen, "1.duration_s", "1"), "a yellow of 1 s is told at once"
    change(seen, "1.duration_s", "3")
    assert "only since the change" not in change(seen, "0.duration_s", f"{today + 5:g}")
    seen.page.locator("#difference td.why input").first.fill("the queue <b>reaches</b> back")
    fits(seen)
    seen.page.reload()
    seen.until(lambda: seen.page.locator("#difference td.why input").count(), "the change is lost by a reload")
    assert seen.page.locator("#difference td.why input").first.input_value() == "the queue <b>reaches</b> back"
    seen.page.click("#tab-way")
    for tls in ("A0", "B0"):
        seen.page.click(f"[data-signal='{tls}'] .add")
    seen.until(lambda: seen.page.locator("#way svg.time-space").count(), "no time-space diagram")
    fits(seen)
    seen.page.click("#tab-send")
    for field in seen.page.locator("#leave-list input").all():
        field.fill("a generated plan")
    seen.page.click("#propose")
    assert "Say why" in seen.page.inner_text("#desk-said") and served.desk.entries() == []
    seen.page.fill("#reason", "mornings <script>")
    with seen.page.expect_download() as taken:
        seen.page.click("#download")
    assert taken.value.suggested_filename == "signals-sumo.zip"
    fits(seen)
    seen.page.click("#propose")
    seen.until(lambda: "On the desk as" in seen.page.inner_text("#desk-said"), "not proposed")
    (entry,) = served.desk.entries("proposed")
    assert entry.document["proposed_by"] == "ann" and entry.document["why"][0]["en"] == "mornings <script>"
    assert any("<b>reaches</b>" in line["en"] for line in entry.document["why"])
    assert "on the desk" in seen.page.inner_text("[data-signal='A0']")
    assert seen.errors == [] and [url for url in seen.asked if not url.startswith((served.address, "blob:"))] == []
    seen.page.click("#language")
    assert "导出与提交" in seen.page.inner_text("#work") and "Export" not in seen.page.inner_text("#work")
    seen.page.close()


def test_a_viewer_looks_and_exports_and_a_link_opens_what_was_seen(browser: Any, served: SignalServer) -> None:
    seen = opened(browser, served, "vi", "phone", "#signal=B1&view=send&rules=gb&lang=zh")
    seen.until(lambda: seen.page.is_visible("#view-send"), "the link does not open the view")
    assert seen.page.input_value("#rules") == "gb" and seen.page.locator("#propose:visible").count() == 0
    assert "工程师" in seen.page.inner_text("#desk-closed") or "请先修改" in seen.page.inner_text("#desk-closed")
    seen.page.click("#back")
    assert seen.page.is_visible("#list") and not seen.page.is_visible("#work")
    seen.page.fill("#find", "nowhere")
    assert "没有符合的信号机" in seen.page.inner_text("#count")
    assert seen.errors == []
    seen.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    seen.page.reload()
    seen.until(lambda: "WebGL" in seen.page.inner_text("#map-message"), "a browser without WebGL is not told")
    assert "无法绘制地图" in seen.page.inner_text("#map-message")
    seen.until(lambda: seen.page.locator("#list li").count() == 4, "without a map there is still the list")
    seen.page.close()


def test_a_session_that_ends_and_a_server_that_is_away_are_said_and_lose_nothing(
    browser: Any, tmp_path: Path
) -> None:  # fmt: skip
    server = SignalServer(tmp_path)
    seen = opened(browser, server, "ann", hash_="#signal=A0&view=change")
    change(seen, "0.duration_s", "50")
    seen.page.route("**/api/signals/**", lambda one: one.abort())
    seen.page.click("[data-signal='B1'] .open")
    seen.until(lambda: "does not answer" in seen.page.inner_text("#problem"), "the server's absence is not said")
    seen.page.click("#language")
    assert re.search("[一-鿿]", seen.page.inner_text("#problem")), "trouble is told in the new language"
    seen.page.unroute("**/api/signals/**")
    server.people.remove("ann", by="root")
    seen.page.click("[data-signal='B0'] .open")
    seen.until(lambda: seen.page.is_visible("#session"), "the end of the session is not said")
    server.stop()
    assert "A0" in seen.run("sessionStorage.getItem('citytwin-signals')")
    seen.page.close()


def test_the_page_knows_the_formats_and_rules_of_the_commands() -> None:
    from networks.rules.table import LOCALES as KNOWN
    from twin.signals.exporting import FORMATS as WRITTEN

    assert FORMATS == WRITTEN and set(LOCALES) == set(KNOWN)
    page = workspace_page()
    assert "<script>" not in page and "style=" not in page
    assert all(workspace_asset(name)[0] for name in ("workspace.js", "workspace.css"))
