"""`twin serve` of a tiny town, with sign-in, in a real Chromium: each role's main task, from sign-in to done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from full_desk import ROLES, document
from watched import Watched

from benchmarks.live.small_town import BEGIN, tell, words, write_town
from models.sumo import can_fork
from networks import say
from twin.desk import Desk, People

pytestmark = [
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process"),
]


class Served:
    """A town that is served, its desk, and everybody's token."""

    def __init__(self, folder: Path) -> None:
        town = write_town(folder)
        tell(town, folder / "data", 0, 3)
        self.desk = Desk.open(self._out(folder) / "desk.sqlite")
        people = People(self.desk.book)
        self.tokens = {"Root": people.add("Root", "administrator")}
        self.tokens |= {name: people.add(name, role) for name, role in ROLES.items()}
        times = {"created": BEGIN.isoformat(), "valid_until": (BEGIN + timedelta(hours=3)).isoformat()}
        for name in ("first", "second"):
            self.desk.propose(document(name, say(f"Green for {name}", f"绿灯{name}"), -7.0, edges=["A0B0"], **times))
        told = folder / "told.txt"
        command = [sys.executable, "-m", "twin.cli", *words(town, folder, "--sign-in", "--idle", "10min")]
        with told.open("w") as lines:
            self.process = subprocess.Popen(command, stdout=lines, stderr=subprocess.STDOUT, env=dict(os.environ))
        self.told = told

    @staticmethod
    def _out(folder: Path) -> Path:
        (folder / "out").mkdir()
        return folder / "out"

    def address(self) -> str:
        """Once it listens; empty before."""
        assert self.process.poll() is None, self.told.read_text()
        line = next((one for one in self.told.read_text().splitlines() if one.startswith("cockpit: ")), "")
        return line.removeprefix("cockpit: ").split("/  ")[0] if line else ""

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.desk.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    town = Served(tmp_path_factory.mktemp("served"))
    yield town
    town.stop()


def at_seat(browser: Any, served: Served, who: str) -> Watched:
    """Through the sign-in page to the cockpit."""
    seen = Watched(browser, "desk")
    seen.page.set_default_timeout(90_000)
    seen.until(served.address, "it does not listen")
    seen.page.goto(served.address() + "/")
    seen.page.fill("#token", served.tokens[who])
    seen.page.click("button[type=submit]")
    seen.page.wait_for_url(served.address() + "/")
    seen.until(lambda: seen.run("window.cockpitSeen >= 1"), "no state came")
    return seen


def test_each_role_does_its_task_from_sign_in_to_done(browser: Any, served: Served) -> None:
    olga = at_seat(browser, served, "Olga")
    page = olga.page
    page.click("#language")
    card = "[data-rec='first']"
    olga.until(lambda: page.locator(card).count(), "no card")
    assert "绿灯first" in page.inner_text(card) and "Olga · 值班员" in page.inner_text("#seat")
    page.click(f"{card} .approve")
    page.click("#decision-chips .chip")
    page.click("#decision-send")
    olga.until(lambda: "已批准（决定人：Olga）：视频已核实" in page.inner_text(card), "not decided")
    page.click("#sign-out")
    page.wait_for_url("**/sign-in")
    page.close()
    for who, sees in (
        ("Pia", "may look, not decide"),
        ("Vic", "may look, not decide"),
        ("Root", "may look, not decide"),
    ):
        other = at_seat(browser, served, who)
        assert sees in other.page.inner_text("[data-rec='second']")
        assert other.page.locator("#decide .approve, #decide .reject").count() == 0
        other.page.close()
    entry = served.desk.entry("first")
    assert entry.status == "approved" and entry.decision is not None and entry.decision.who == "Olga"
    assert served.desk.entry("second").status == "proposed"
