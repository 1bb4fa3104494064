"""NTCIP 1202: plans as sheets of objects come back, and broken sheets are refused in words."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_plans import REAL, bare_crossing, crossing, eight_phase_plan, real_file, whole_plans

from networks import BadInput, Control, SignalPlan, read_layouts, read_signal_plans, timing_of
from networks.exchange import exporting
from networks.exchange.exporting import export_ntcip
from networks.exchange.ntcip_objects import KINDS, ROOT, write_sheet
from networks.exchange.ntcip_reading import read_ntcip
from networks.exchange.ntcip_writing import ntcip_objects
from networks.exchange.telling import differences
from networks.signals.plans.stretching import new_faults
from networks.timing.ring_plan import RingPlan
from networks.timing.ringing import rings_of


def eight(offset_s: float = 7) -> RingPlan:
    return rings_of(timing_of(eight_phase_plan(offset_s=offset_s), bare_crossing()[1]), bare_crossing()[0])


def sheet(rings: RingPlan, path: Path) -> Path:
    write_sheet({rings.tls_id: ntcip_objects(rings)}, path)
    return path


def values(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {f"{row['object']}.{row['index']}": row["value"] for row in csv.DictReader(stream)}


@settings(max_examples=25)
@given(plan=whole_plans())
def test_what_is_written_as_objects_is_read_again(plan: SignalPlan, tmp_path_factory: pytest.TempPathFactory) -> None:
    layout, controller = crossing()
    rings = rings_of(timing_of(plan, controller), layout)
    path = tmp_path_factory.mktemp("ntcip") / "plan.csv"
    if rings.control is Control.FIXED and rings.cycle_s > 255:
        with pytest.raises(BadInput, match="its cycle is"):
            ntcip_objects(rings)
        return
    try:
        sheet(rings, path)
    except BadInput as error:
        assert "NTCIP 1202 holds" in error.what
        return
    assert differences(rings, read_ntcip(path, {"c": rings})["c"]) == []


def test_a_dual_ring_plan_is_told_in_objects(tmp_path: Path) -> None:
    rings = eight()
    told = values(sheet(rings, tmp_path / "plan.csv"))
    assert told["patternCycleTime.1"] == f"{rings.cycle_s:g}"
    assert told["sequenceData.1.1"].split() == [str(p.number) for p in rings.phases if p.ring == 1]
    for phase in rings.phases:
        assert told[f"phaseYellowChange.{phase.number}"] == f"{phase.yellow_s * 10:g}"
        assert told[f"splitTime.1.{phase.number}"] == f"{phase.split_s:g}"
        beside = [str(p.number) for p in rings.phases if p.barrier == phase.barrier and p.ring != phase.ring]
        assert sorted(told[f"phaseConcurrency.{phase.number}"].split()) == sorted(beside)
        assert told[f"splitMode.1.{phase.number}"] == "4", "maximum recall at fixed times"
    coordinated = [n for n, value in told.items() if n.startswith("splitCoordPhase") and value == "1"]
    assert len(coordinated) == 2, "one in each ring"
    begins = rings.begins_s()
    first = min(begins[int(name.rsplit(".", 1)[1])] for name in coordinated)
    assert int(told["patternOffsetTime.1"]) == (rings.offset_s + first) % rings.cycle_s


def test_rows_name_the_objects_of_the_mib(tmp_path: Path) -> None:
    with sheet(eight(), tmp_path / "plan.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["object"] for row in rows} == set(KINDS)
    oids = {(row["object"], row["index"]): row["oid"] for row in rows}
    assert oids["phaseYellowChange", "2"] == "1.3.6.1.4.1.1206.4.2.1.1.2.1.8.2"
    assert oids["splitTime", "1.2"] == f"{ROOT}.4.9.1.3.1.2"
    assert oids["sequenceData", "1.1"] == f"{ROOT}.7.3.1.3.1.1"
    assert len(set(oids.values())) == len(rows)


@pytest.mark.parametrize("control", [Control.ACTUATED, Control.COORDINATED])
def test_a_plan_that_traffic_decides_comes_back(control: Control, tmp_path: Path) -> None:
    fixed = eight()
    phases = tuple(replace(phase, least_s=5.0, most_s=phase.green_s + 10) for phase in fixed.phases)
    rings = replace(fixed, control=control, phases=phases)
    path = sheet(rings, tmp_path / "plan.csv")
    assert values(path)["patternCycleTime.1"] == ("0" if control is Control.ACTUATED else f"{rings.cycle_s:g}")
    assert set(v for n, v in values(path).items() if n.startswith("splitMode")) == {"3"}
    assert differences(rings, read_ntcip(path, {"c": rings})["c"]) == []


def test_what_a_sheet_changes_is_read(tmp_path: Path) -> None:
    rings = eight()
    text = sheet(rings, tmp_path / "plan.csv").read_text(encoding="utf-8")
    one = min(rings.phases, key=lambda phase: phase.place)
    row = next(line for line in text.splitlines() if f"phaseYellowChange,{one.number}," in line)
    changed = text.replace(row, row.replace(",30,", ",35,")).replace(",", ";")
    path = tmp_path / "excel.csv"
    path.write_text("\ufeff" + changed, encoding="utf-8")
    said = differences(rings, read_ntcip(path, {"c": rings})["c"])
    assert f"phase {one.number} yellow 3 -> 3.5 s" in said
    assert any(f"phase {one.number} green" in words for words in said), "the split holds, the green is shorter"


def test_another_order_of_phases_is_read(tmp_path: Path) -> None:
    rings = eight()
    path = sheet(rings, tmp_path / "plan.csv")
    order = [p for p in rings.phases if p.ring == 1 and p.barrier == 1]
    assert len(order) == 2
    told = values(path)["sequenceData.1.1"].split()
    swapped = " ".join([told[1], told[0], *told[2:]])
    path.write_text(path.read_text(encoding="utf-8").replace(f",{' '.join(told)},octets", f",{swapped},octets"))
    back = read_ntcip(path, {"c": rings})["c"]
    assert [p.number for p in back.phases if p.ring == 1][:2] == [int(n) for n in swapped.split()[:2]]
    assert any("stands at" in words for words in differences(rings, back))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("signal,object", "place,object", "no column signal"),
        ("c,phaseRing,2", "x,phaseRing,2", "no such signal"),
        ("c,phaseRing,2", "c,phaseLamp,2", "tells the phases"),
        ("c,patternCycleTime,1", "c,patternCycleLength,1", "patternCycleTime is missing"),
        ("4.7.1.3.1", "4.7.1.9.1", "patternOffsetTime.1 is"),
        ("c,splitTime,1.2", "c,splitTime,1.200", "is 1.3.6.1.4.1.1206.4.2.1.4.9.1.3.1.200"),
        ("c,splitTime,1.2,", "c,splitTime,2,", "has the index 2"),
        (",4,code", ",7,code", "omitted"),
        (",4,code", ",300,code", "a whole number from 0 to 255"),
        (",4,code", ",-1,code", "a whole number from 0 to 255"),
        (",4,code", ",,code", "one number is needed"),
    ],
)
def test_broken_sheets_are_refused_in_words(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = sheet(eight(), tmp_path / "plan.csv")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_ntcip(path, {"c": eight()})
    assert said in str(error.value)


def test_splits_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    rings = eight()
    path, one = sheet(rings, tmp_path / "plan.csv"), min(rings.phases, key=lambda phase: phase.place)
    row = next(line for line in path.read_text().splitlines() if f"c,splitTime,1.{one.number}," in line)
    for seconds, said in ((one.split_s + 2, "does not meet barrier"), (3, "not longer than the yellow and red")):
        broken = row.replace(f",{one.split_s:g},s,", f",{seconds:g},s,")
        (tmp_path / "broken.csv").write_text(path.read_text().replace(row, broken))
        with pytest.raises(BadInput, match=said):
            read_ntcip(tmp_path / "broken.csv", {"c": rings})


def test_times_that_are_no_whole_seconds_are_left_out(tmp_path: Path) -> None:
    layout, _ = bare_crossing()
    plan = eight_phase_plan((20.5, 6, 10, 25, 9))
    with pytest.raises(BadInput, match="NTCIP 1202 holds whole seconds up to 255"):
        export_ntcip({"c": plan}, {"c": layout}, tmp_path / "plan.csv")


@settings(max_examples=60)
@given(data=st.data())
def test_a_sheet_with_faults_never_crashes(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = sheet(eight(), tmp_path_factory.mktemp("ntcip") / "plan.csv")
    cells = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(cells))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(
            st.sampled_from(["", "0", "1", "9", "255", "256", "1 2", "x", '"', "c", "phaseRing", "splitTime", "1.1"])
        )
    path.write_text("\n".join(",".join(row) for row in cells), encoding="utf-8")
    try:
        read = read_ntcip(path, {"c": eight()})
    except BadInput:
        return
    assert all(one.cycle_s > 0 for one in read.values())


@pytest.mark.parametrize("name", REAL)
def test_real_plans_are_read_back(name: str, tmp_path: Path) -> None:
    if not real_file(name).exists():
        pytest.skip("the shared data is not there")
    layouts, plans = read_layouts(real_file(name)), read_signal_plans(real_file(name), source="imported")
    if "4x4" in name:
        with pytest.raises(BadInput, match="its cycle is 280 s"):
            export_ntcip(plans, layouts, tmp_path / "plans.csv")
        return
    report = export_ntcip(plans, layouts, tmp_path / "plans.csv")
    assert report.written
    assert report.written.keys() | report.left_out.keys() == plans.keys()
    assert all("read back" in lines[0] for lines in report.written.values())


def test_a_plan_that_counts_its_phases_otherwise_is_not_less_safe() -> None:
    fault = "the links of group V1 do not show the same"
    assert new_faults([f"phase 6: {fault}"], [f"phase 2: {fault}"]) == []
    assert new_faults([f"phase 2: {fault}"], []) == [f"phase 2: {fault}"]


def test_a_sheet_that_would_be_read_less_safe_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout, hasty = bare_crossing()[0], eight()
    hasty = replace(hasty, phases=tuple(replace(phase, red_s=0.0, yellow_s=1.0) for phase in hasty.phases))
    monkeypatch.setattr(exporting, "read_ntcip", lambda *_: {"c": hasty})
    with pytest.raises(BadInput, match="read back it would be unsafe"):
        export_ntcip({"c": eight_phase_plan()}, {"c": layout}, tmp_path / "plan.csv")
    assert list(tmp_path.iterdir()) == []
