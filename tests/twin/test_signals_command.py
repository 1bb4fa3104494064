"""`twin signals show`: an engineer reads a signal, and an unknown one names those near it."""

from __future__ import annotations

from pathlib import Path

import pytest

from networks import City, read_signal_plans
from twin.cli import run


def test_every_signal_is_listed_with_its_faults(helsinki: City, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["signals", "show", str(helsinki.folder)]) == 0
    said = capsys.readouterr().out
    plans = read_signal_plans(helsinki.net_file)
    assert f"{len(plans)} signals" in said
    assert all(tls in said for tls in plans)


def test_a_sheet_holds_stages_intergreens_phases_and_the_check(
    helsinki: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    tls, plan = max(read_signal_plans(helsinki.net_file).items(), key=lambda item: len(item[1].phases))
    assert run(["signals", "show", str(helsinki.folder), tls]) == 0
    said = capsys.readouterr().out
    for heading in ("Groups", "Stages", "Intergreens", "People on foot", "One cycle", "Phases", "Check"):
        assert heading in said
    assert "guessed" in said
    assert f"cycle {plan.cycle_s:g} s" in said
    assert max(map(len, said.splitlines())) <= 80


def test_an_unknown_signal_names_those_near_it(helsinki: City, capsys: pytest.CaptureFixture[str]) -> None:
    tls = min(read_signal_plans(helsinki.net_file))
    assert run(["signals", "show", str(helsinki.folder), tls[:-1]]) == 2
    said = capsys.readouterr().err
    assert f"there is no signal '{tls[:-1]}'" in said
    assert tls in said


def test_a_timing_sheet_is_written_for_one_signal_or_for_all(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = read_signal_plans(helsinki.net_file)
    one, every = tmp_path / "one.html", tmp_path / "all.html"
    assert run(["signals", "show", str(helsinki.folder), min(plans), "--html", str(one)]) == 0
    assert run(["signals", "show", str(helsinki.folder), "--html", str(every)]) == 0
    assert f"{len(plans)} timing sheets: {every}" in capsys.readouterr().out
    assert f'id="signal-{min(plans)}"' in one.read_text(encoding="utf-8")
    assert every.read_text(encoding="utf-8").count('class="head"') == len(plans)
