"""`twin signals send` and `restore` against an emulator: what ran is kept, compared, and comes back."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from networks import City, SignalPlan, read_layouts, read_signal_plans, write_signal_plans
from networks.protocols.stations import PROTOCOLS, Emulator, emulator
from twin.cli import run

LEAVE = ("--rules", "resco", "--override", "yellow=for a test only", "--by", "A. Tester")


@pytest.fixture(params=PROTOCOLS)
def station(request: pytest.FixtureRequest, helsinki: City) -> Iterator[tuple[str, Emulator]]:
    layouts, plans = read_layouts(helsinki.net_file), read_signal_plans(helsinki.net_file, source="imported")
    own = {tls: plans[tls] for tls in sorted(plans)[:2]}
    made = emulator(request.param, own, layouts, user="citytwin")
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield request.param, made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


def longer(plan: SignalPlan) -> SignalPlan:
    """The plan with 4 s more of its longest green, 5 s later."""
    at = max(range(len(plan.phases)), key=lambda n: (not plan.phases[n].changing, plan.phases[n].duration_s))
    phases = list(plan.phases)
    phases[at] = replace(phases[at], duration_s=phases[at].duration_s + 4, max_s=phases[at].max_s + 4)
    return replace(plan, phases=tuple(phases), offset_s=plan.offset_s + 5)


def exported(kind: str, made: Emulator, helsinki: City, folder: Path) -> Path:
    plans = read_signal_plans(helsinki.net_file, source="imported")
    write_signal_plans({tls: longer(plans[tls]) for tls in made.crossings}, folder / "new.add.xml")
    net, file = str(helsinki.net_file), folder / "new.station"
    command = ["signals", "export", str(folder / "new.add.xml"), "--net", net, "--format", kind, "--out", str(file)]
    assert run([*command, *LEAVE]) == 0
    return file


def test_plans_go_to_controllers_and_back(
    station: tuple[str, Emulator], helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, made = station
    file, to = exported(kind, made, helsinki, tmp_path), f"127.0.0.1:{made.server.port}"
    capsys.readouterr()
    assert run(["signals", "send", str(file), "--to", to, "--out", str(tmp_path / "sent")]) == 0
    said = capsys.readouterr().out
    before = next((tmp_path / "sent").glob("before.*"))
    assert said.count("plan 1 -> 2: cycle") == len(made.crossings)
    assert said.splitlines()[-1] == f"to go back: twin signals restore {before} --to {to}"
    assert run(["signals", "restore", str(before), "--to", to]) == 0
    assert capsys.readouterr().out.count("plan 2 -> 1: cycle") == len(made.crossings)
    assert run(["signals", "restore", str(before), "--to", to]) == 0
    assert capsys.readouterr().out.count("nothing changes") == len(made.crossings)


def test_a_file_without_audit_is_not_sent(
    station: tuple[str, Emulator], helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, made = station
    file, to = exported(kind, made, helsinki, tmp_path), f"127.0.0.1:{made.server.port}"
    file.write_bytes(file.read_bytes() + b"\n")
    assert run(["signals", "send", str(file), "--to", to]) == 4
    assert "it was changed since it passed the rules" in capsys.readouterr().err
    file.with_name(f"{file.name}.audit.jsonl").unlink()
    assert run(["signals", "send", str(file), "--to", to]) == 4
    assert "no audit says" in capsys.readouterr().err


def test_nobody_there_is_said(tmp_path: Path, helsinki: City, capsys: pytest.CaptureFixture[str]) -> None:
    layouts, plans = read_layouts(helsinki.net_file), read_signal_plans(helsinki.net_file, source="imported")
    made = emulator("gat1049", {tls: plans[tls] for tls in sorted(plans)[:1]}, layouts, user="citytwin")
    made.server.server_close()
    file = exported("gat1049", made, helsinki, tmp_path)
    assert run(["signals", "send", str(file), "--to", f"127.0.0.1:{made.server.port}"]) == 2
    assert "nobody answers" in capsys.readouterr().err
    assert run(["signals", "send", str(file), "--to", "nowhere"]) == 2


def test_the_emulator_says_where_it_listens_and_keeps_what_runs(helsinki: City, tmp_path: Path) -> None:
    plans = read_signal_plans(helsinki.net_file, source="imported")
    tls = min(plans)
    write_signal_plans({tls: plans[tls]}, tmp_path / "one.add.xml")
    command = [sys.executable, "-m", "twin.cli", "signals", "emulate", "--net", str(helsinki.net_file), "--plan"]
    command += [str(tmp_path / "one.add.xml"), "--protocol", "gat1049", "--keep", str(tmp_path / "kept.xml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line.startswith("gat1049: 1 signals at 127.0.0.1:")
            to = line.split(" at ")[1].split(";")[0]
            made = Emulator(None, (tls,), {})  # type: ignore[arg-type]
            file = exported("gat1049", made, helsinki, tmp_path)
            assert run(["signals", "send", str(file), "--to", to]) == 0
            assert (tmp_path / "kept.xml").is_file()
        finally:
            process.terminate()
    layouts = read_layouts(helsinki.net_file)
    again = emulator("gat1049", {tls: plans[tls]}, layouts, kept=tmp_path / "kept.xml", user="citytwin")
    again.server.server_close()
    assert again.crossings == (tls,)
