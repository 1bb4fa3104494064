"""`twin skill`: the table and the page of a small ledger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from click.testing import CliRunner

from calibration.skill import Forecast, Ledger, Seen, Server
from twin.commands.skill import skill_command


def small_ledger(folder: Path) -> None:
    draw, ledger, server = np.random.default_rng(1), Ledger(folder), Server()
    came = draw.poisson(20.0, (3, 12)).astype(float)
    places = ("north", "south", "bridge")
    for turn in range(11):
        now = 300.0 * turn
        server.learn(ledger.settle([Seen("flow", places, 0.0, 300.0, came[:, :turn])], now))
        twin = came[:, turn, None] + draw.normal(0.0, 1.0, (3, 1))
        said = [
            Forecast(source, "flow", places, now, now, 300.0, middle + np.linspace(-3, 3, 9)[:, None, None])
            for source, middle in (("twin", twin), ("persistence", np.full((3, 1), 26.0)))
        ]
        served = server.serve(said)
        ledger.issue([*said, served.mixed, served.forecast], by={"flow": served.by})


def test_the_table_and_the_page_say_who_was_better_in_both_languages(tmp_path: Path) -> None:
    small_ledger(tmp_path / "town" / "skill")
    words = [str(tmp_path / "town" / "skill"), "--report", str(tmp_path / "report")]
    done = CliRunner().invoke(skill_command, words, catch_exceptions=False)
    assert done.exit_code == 0 and "5 min" in done.output and "persistence" in done.output
    assert "12 forecasts wait for their time" in done.output
    page = (tmp_path / "report" / "skill.html").read_text(encoding="utf-8")
    assert "what was served" in page and "所提供的预测" in page and "better (CRPS) than the best baseline" in page
    for by in ("place", "quantity"):
        told = CliRunner().invoke(skill_command, [words[0], "--by", by, "--lang", "zh"], catch_exceptions=False)
        assert "最佳基准" in told.output and ("bridge" in told.output) == (by == "place")


def test_a_folder_without_a_ledger_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(skill_command, [str(tmp_path)])
    assert done.exit_code != 0 and "no ledger" in str(done.exception)
