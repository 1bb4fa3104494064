"""`twin serve` as an operator meets it: the command, the cockpit in a browser, a card approved by a click, Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

from twin import Desk

if TYPE_CHECKING:
    from networks import City

pytestmark = [pytest.mark.ray]

EVENING = """
name: page-test
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:10:00+03:00, warm_up_s: 120}
demand: {profile: weekday_evening, scale: 0.6}
"""
CHROMIUM = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--enable-unsafe-swiftshader",
]


COUNTERS = """\
sensor_id,measure,from,to,zone,per_person,error,source
in,person_count,outside,park,,,,test
out,person_count,park,outside,,,,test
"""


def written_counts(folder: Path) -> list[str]:
    """A park that fills by 30 in five minutes from 16:00 on, as the options of `twin serve`."""
    begin = datetime.fromisoformat("2026-07-17T16:00:00+03:00")
    rows = ["sensor_id,measure,begin,period_s,result,synthetic"]
    for one in range(14):
        at = (begin + timedelta(minutes=5 * one)).isoformat()
        rows += [f"in,person_count,{at},300,{33 + one % 3},true", f"out,person_count,{at},300,{3 + one % 3},true"]
    park = "- {id: park, at: [24.9475, 60.1675], area_m2: 2000, source: test, approved: {instant: 400, source: test}}"
    for name, text in (("counters.csv", COUNTERS), ("counts.csv", "\n".join(rows)), ("sites.yaml", f"sites:\n{park}")):
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return ["--counters", "counters.csv", "--counts", "counts.csv", "--sites", "sites.yaml"]


class Serving:
    """A running `twin serve`, its words and its address."""

    def __init__(self, city: City, folder: Path) -> None:
        (folder / "evening.yaml").write_text(EVENING, encoding="utf-8")
        self.out = folder / "out"
        options = ["--replay", "--port", "0", "--speed", "60", "--members", "2", "--no-signals"]
        places = ["--scenario", "evening.yaml", "--out", str(self.out), "--runs", "runs"]
        restore = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import twin.cli; "
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                restore + "twin.cli.main()",
                "serve",
                str(city.folder),
                *options,
                *places,
                *written_counts(folder),
            ],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.words: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.url = self._wait(r"cockpit: (http://127\.0\.0\.1:\d+/)", 200)

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.words += [""]
        for line in self.process.stderr:
            self.words[0] += line

    def _wait(self, pattern: str, seconds: float) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, "".join(self.words))
            if found:
                return found.group(1)
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError("".join(self.words))

    def state(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(self.url + "api/state", trust_env=False, timeout=30).json()
        return answer

    def wait_for(self, key: str, seconds: float = 200) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.state()
            if state[key]:
                return state
            time.sleep(0.5)
        raise AssertionError(f"no {key}: {self.state()['log']}, {self.words}")


@pytest.fixture(scope="module")
def serving(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    made = Serving(helsinki, tmp_path_factory.mktemp("serve"))
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def put_on_the_desk(serving: Serving, rec_id: str) -> None:
    """Another process puts a recommendation on the same desk, as a study would."""
    desk = Desk.open(serving.out / "desk.sqlite")
    now = desk.clock()
    desk.propose(
        {
            "rec_id": rec_id,
            "kind": "road_closure",
            "title": {"en": "Close the quay road", "zh": "封闭码头道路"},
            "created": now.isoformat(),
            "valid_until": (now + timedelta(hours=1)).isoformat(),
            "action": [],
            "effect": {
                "measure": "vehicles_in_water",
                "unit": "entries",
                "difference": -12.0,
                "low": -15.0,
                "high": -9.0,
                "n": 4,
                "verdict": "better",
                "base": 20.0,
            },
            "side_effects": [],
            "alternatives": [],
            "evidence": ["run-1"],
            "rests_on": [{"en": "depths rest on a guessed terrain", "zh": "积水深度取决于推测的地形"}],
            "risks": [{"en": "detours", "zh": "绕行"}],
        }
    )
    desk.close()


def test_a_forecast_appears(serving: Serving) -> None:
    state = serving.wait_for("forecast")
    assert state["labels"] == "synthetic replay"
    assert {feed["name"]: feed["count"] for feed in state["feeds"]}["vehicle_count"] > 0
    hour = serving.wait_for("hour")["hour"]
    assert hour["steps"] == 6 and hour["id"].startswith("20260717T140000+0000-")


def test_who_is_at_the_sites_is_followed_and_alarms_are_told(serving: Serving) -> None:
    end = time.monotonic() + 200
    while not (state := serving.state())["occupancy"]["zones"] and time.monotonic() < end:
        time.sleep(0.5)
    told = state["occupancy"]
    (park,) = told["zones"]
    assert told["synthetic"] and told["error"] is None and told["counters"] == 2
    assert 300 < park["people"] < 460 and park["holds"] == 400 and park["basis"] == "approved" and park["level"] >= 1
    assert {figure["key"]: figure["value"] for figure in state["figures"]}["site_alarms"] == 1


def test_it_listens_on_loopback_only(serving: Serving) -> None:
    process = psutil.Process(serving.process.pid)
    family = [process, *process.children(recursive=True)]
    listening = {
        link.laddr.ip.removeprefix("::ffff:")
        for one in family
        for link in one.net_connections("inet")
        if link.status == psutil.CONN_LISTEN
    }
    assert listening and listening <= {"127.0.0.1", "::1"}


@pytest.mark.browser
def test_a_card_approved_by_a_click_ends_up_in_sqlite(serving: Serving, chromium: Path, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    serving.wait_for("forecast")
    put_on_the_desk(serving, "rec-click")
    problems: list[str] = []
    asked: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="en-GB")
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: problems.append(str(e)))
        page.on("request", lambda r: asked.append(r.url))
        page.goto(serving.url)
        page.get_by_text("Close the quay road").first.wait_for(timeout=60_000)
        page.locator("#cards button.approve").first.click()
        page.locator("#who").fill("operator 1")
        page.locator("#reason").fill("water on the quay")
        page.locator("#decision-send").click()
        page.locator("#decision").wait_for(state="hidden", timeout=30_000)
        page.get_by_text("water on the quay").first.wait_for(timeout=30_000)
        page.screenshot(path=str(tmp_path / "cockpit.png"))
        browser.close()
    assert problems == []
    assert all(url.startswith((serving.url, "data:", "blob:")) for url in asked)
    decision = Desk.open(serving.out / "desk.sqlite").entry("rec-click").decision
    assert decision is not None
    assert (decision.decision, decision.who, decision.why) == ("approved", "operator 1", "water on the quay")
    assert abs(decision.decided_at - datetime.now(UTC)) < timedelta(minutes=2)
    assert decision.clock_at.year == 2026 and decision.clock_at.month == 7  # the replay's evening, not today


def test_ctrl_c_ends_it_with_130_and_leaves_no_process(serving: Serving) -> None:
    family = psutil.Process(serving.process.pid).children(recursive=True)
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(30) == 130, serving.words
    serving.reader.join(5)
    assert "Ctrl-C" in serving.words[0] and "Traceback" not in serving.words[0]
    gone, alive = psutil.wait_procs(family, timeout=15)
    assert not alive, [one.cmdline() for one in alive] + [len(gone)]
