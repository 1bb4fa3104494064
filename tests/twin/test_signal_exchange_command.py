"""`twin signals export` and `import`: a plan leaves, comes back, and what it changes is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from networks import City, read_signal_plans, write_signal_plans
from twin.cli import run

LEAVE = ("--rules", "resco", "--override", "yellow=for a test only", "--by", "A. Tester")


def export(plan: Path | str, net: Path | str, out: Path, *more: str) -> int:
    """Run `twin signals export` as UTDF."""
    command = ["signals", "export", str(plan), "--net", str(net), "--format", "utdf", "--out", str(out)]
    return run([*command, *(more or LEAVE)])


def test_a_citys_plans_go_to_utdf_and_come_back(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, file, back = str(helsinki.net_file), tmp_path / "x.csv", tmp_path / "x.add.xml"
    assert export(net, helsinki.folder, file) in (0, 3)
    said = capsys.readouterr().out
    plans = read_signal_plans(helsinki.net_file, source="imported")
    assert f"{file}:" in said
    assert "read back" in said
    audit = [json.loads(line) for line in (tmp_path / "x.csv.audit.jsonl").read_text().splitlines()]
    assert [(one["who"], one["file"]) for one in audit] == [("A. Tester", "x.csv")]
    assert run(["signals", "import", str(file), "--net", net, "--format", "utdf", "--out", str(back)]) == 0
    said = capsys.readouterr().out
    assert "as today:" in said
    assert "->" not in said
    read = read_signal_plans(back, source="imported")
    assert len(read) > len(plans) / 2
    assert all(read[tls] == plans[tls] for tls in read), "what is not changed stays to the last digit"


@pytest.mark.parametrize("kind", ["sumo", "utdf", "gmns", "nema", "ntcip", "gat1049", "gbt20999", "spat"])
def test_each_format_is_written_and_read(
    kind: str, helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, plans = str(helsinki.net_file), read_signal_plans(helsinki.net_file, source="imported")
    tls = next(tls for tls in sorted(plans) if len(plans[tls].phases) > 2)
    write_signal_plans({tls: plans[tls]}, tmp_path / "one.add.xml")
    out, back = tmp_path / "out", str(tmp_path / "back.add.xml")
    command = ["signals", "export", str(tmp_path / "one.add.xml"), "--net", net, "--format", kind, "--out", str(out)]
    assert run([*command, *LEAVE]) == 0
    assert f"1 signals as {kind.upper()}" in capsys.readouterr().out
    if kind == "sumo":
        assert read_signal_plans(out, source="imported") == {tls: plans[tls]}
        return
    assert run(["signals", "import", str(out), "--net", net, "--format", kind, "--out", back]) == 0
    assert f"as today: {tls}" in capsys.readouterr().out
    assert read_signal_plans(Path(back), source="imported") == {tls: plans[tls]}


def test_what_a_file_changes_is_said(helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net, file, back = str(helsinki.net_file), tmp_path / "x.csv", tmp_path / "x.add.xml"
    export(net, net, file)
    rows = file.read_text().splitlines()
    at = next(n for n, row in enumerate(rows) if row.startswith("Yellow,"))
    cells = rows[at].split(",")
    rows[at] = ",".join("1.5" if cell == "3" and n > 1 else cell for n, cell in enumerate(cells))
    starts = ("Start,", "LocalStart,")
    file.write_text("\n".join(row for row in rows if not row.startswith(starts)))
    assert run(["signals", "import", str(file), "--net", net, "--format", "utdf", "--out", str(back)]) == 0
    told = capsys.readouterr()
    assert "yellow 3 -> 1.5 s" in told.out
    assert "unsafe: group V1: yellow for 1.5 s, at least 3 s needed" in told.err


def test_a_plan_that_fails_leaves_only_with_a_reason(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tls, plan = next(iter(sorted(read_signal_plans(helsinki.net_file).items())))
    hasty = tuple(replace(p, duration_s=1.0, min_s=1.0, max_s=1.0) if "y" in p.state else p for p in plan.phases)
    write_signal_plans({tls: replace(plan, phases=hasty)}, tmp_path / "hasty.add.xml")
    out = tmp_path / "x.csv"
    assert export(tmp_path / "hasty.add.xml", helsinki.net_file, out, "--rules", "resco") == 4
    assert "yellow" in capsys.readouterr().err
    assert not out.exists()
    assert export(tmp_path / "hasty.add.xml", helsinki.net_file, out) == 0
    assert "for a test only" in (tmp_path / "x.csv.audit.jsonl").read_text()


def test_another_network_is_named(helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.add.xml"
    plan.write_text(
        '<additional><tlLogic id="elsewhere" programID="0" type="static" offset="0">'
        '<phase duration="30" state="Gr"/><phase duration="30" state="rG"/></tlLogic></additional>'
    )
    out = tmp_path / "x.csv"
    assert export(plan, helsinki.net_file, out) == 2
    said = capsys.readouterr().err
    assert "signal elsewhere" in said
    assert "the network has no such signal" in said
    assert not out.exists()
