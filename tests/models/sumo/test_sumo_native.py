"""Cases run by the binary: tables, units, what is written where, and ends that come too early."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from small_cases import CARS, DATA, DETECTORS, MakeCase

from models.sumo import check_case, read_case, read_tables, run_native
from models.sumo.due import most_due
from models.sumo.summary import kept_steps
from networks import sumo_home
from networks.errors import BadInput, EngineFailed, StorageFailed

CASES = {
    "sumo/bologna/run.sumocfg": (0.0, None),
    "sumo/hamburg/run_simulation.sumocfg": (0.0, 1200.0),
    "sumo/hangzhou_4x4/hangzhou_4x4_gudang_18041610_1h.sumocfg": (0.0, 3600.0),
    "resco/cologne1/cologne1.sumocfg": (25200.0, 28800.0),
    "resco/cologne8/cologne8.sumocfg": (25200.0, 28800.0),
    "resco/ingolstadt21/ingolstadt21.sumocfg": (57600.0, 61200.0),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("meso", [False, True], ids=["micro", "meso"])
def test_real_cases_are_read_checked_and_run(name: str, meso: bool, tmp_path: Path) -> None:
    if not (DATA / name).is_file():
        pytest.skip(f"no {name} here: CITYTWIN_DATA names the folder of real data")
    case = read_case(DATA / name)
    assert (case.begin_s, case.end_s) == CASES[name]
    check_case(case)
    done = run_native(case, 1, tmp_path / "run", tables=("trips", "edges"), meso=meso, end_s=case.begin_s + 60.0)
    trips = read_tables(tmp_path / "run")["trips"]
    assert done.returncode == 0 and done.cpu_s > 0 and len(trips) > 5 and trips["inserted"].any()
    assert (trips["depart_planned_s"] < case.begin_s + 60.0).all()
    due = most_due(case.between(end_s=case.begin_s + 60.0))
    assert due is None or due >= len(trips)


def test_flows_of_hangzhou_run_beyond_their_own_configuration(tmp_path: Path) -> None:
    """The West Lake comes without a configuration: its flows as routes, one written for them."""
    folder = DATA / "sumo" / "hangzhou_westlake"
    if not folder.is_dir():
        pytest.skip("no hangzhou_westlake here: CITYTWIN_DATA names the folder of real data")
    lines = (folder / "pb_hangzhou_0_flow.txt").read_text().splitlines()[1:]
    flows = sorted((float(a.split()[0]), float(a.split()[1]), float(a.split()[2]), way) for a, _, way in
                   zip(lines[::3], lines[1::3], lines[2::3], strict=False))  # fmt: skip
    text = "".join(
        f'<flow id="f{i}" begin="{begin:g}" end="{end:g}" period="{headway:g}"><route edges="{way}"/></flow>'
        for i, (begin, end, headway, way) in enumerate(flows)
    )
    (tmp_path / "flows.rou.xml").write_text(f"<routes>{text}</routes>")
    net = folder / "pb_hangzhou_hangzhou.net.xml.gz"
    (tmp_path / "westlake.sumocfg").write_text(
        f'<configuration><net-file value="{net}"/><route-files value="flows.rou.xml"/><end value="60"/></configuration>'
    )
    case = read_case(tmp_path / "westlake.sumocfg")
    check_case(case)
    run_native(case, 1, tmp_path / "run")
    assert len(read_tables(tmp_path / "run")["trips"]) > 20


def test_tables_agree_with_sumo_s_own_statistics(make_case: MakeCase, tmp_path: Path) -> None:
    case = read_case(make_case(additional=DETECTORS, end="600"))
    done = run_native(case, 1, tmp_path / "run", tables=("trips", "edges", "lanes", "detectors"))
    tables = read_tables(tmp_path / "run")
    trips, edges, lanes, detectors = (tables[name] for name in ("trips", "edges", "lanes", "detectors"))
    assert done.files["statistics.xml"].read_text().count('inserted="60"') == 1
    assert len(trips) == 60 and trips["finished"].all() and (trips["arrival_s"] > trips["depart_s"]).all()
    assert edges["time_s"].unique().tolist()[:4] == [0.0, 60.0, 120.0, 180.0]
    driven_m = (edges["speed_mps"] * edges["vehicle_s"]).sum()
    assert driven_m == pytest.approx(trips["length_m"].sum(), rel=0.15)  # without junctions' inside
    assert edges["time_loss_s"].sum() == pytest.approx(trips["time_loss_s"].sum(), rel=0.15)
    assert lanes["vehicle_s"].sum() == pytest.approx(edges["vehicle_s"].sum(), rel=1e-4)
    assert edges["occupancy"].between(0, 1).all() and edges["density_vpkm"].max() > 1
    assert detectors["entered"].sum() == 60 and set(detectors["kind"]) == {"e1"}
    assert detectors["time_s"].diff().max() == 60.0 and (detectors.dropna()["speed_mps"] > 0).all()


def test_trips_that_never_entered_or_never_arrived_are_told(make_case: MakeCase, tmp_path: Path) -> None:
    crowd = "".join(f'<vehicle id="w{i}" depart="0"><route edges="A0A1 A1B1"/></vehicle>' for i in range(40))
    run_native(read_case(make_case(crowd, end="10")), 1, tmp_path / "run")
    trips = read_tables(tmp_path / "run")["trips"]
    assert len(trips) == 40 and not trips["inserted"].all() and not trips["finished"].any()
    out = trips[~trips["inserted"]]
    assert (out["depart_planned_s"] == 0.0).all() and out["depart_s"].isna().all() and (out["delay_s"] == 10).all()


def test_emissions_and_conflicts_on_request(make_case: MakeCase, tmp_path: Path) -> None:
    run_native(read_case(make_case()), 1, tmp_path / "run", emissions=True, ssm=True)
    tables = read_tables(tmp_path / "run")
    by_edge, by_trip = tables["emissions"]["co2_g"].sum(), tables["trips"]["co2_g"].sum()
    assert by_edge == pytest.approx(by_trip, rel=0.25)
    km = tables["trips"]["length_m"].sum() / 1000
    assert 100 < by_trip / km < 1000  # grams per kilometre of passenger cars in town
    conflicts = tables["conflicts"]
    assert len(conflicts) and (conflicts["min_ttc_s"].dropna() <= 3.0).all()
    assert not conflicts.duplicated(["begin_s", "end_s", "ego", "foe"]).any()
    assert conflicts[["min_ttc_s", "max_drac_mps2", "pet_s"]].notna().any(axis=1).all()
    with pytest.raises(BadInput, match="mesoscopic"):
        run_native(read_case(make_case()), 1, tmp_path / "again", ssm=True, meso=True)


def test_the_user_s_folder_stays_as_it_was(make_case: MakeCase, tmp_path: Path) -> None:
    more = '<output><tripinfo-output value="t.xml"/><fcd-output value="f.xml"/></output><log value="log.txt"/>'
    own = '<edgeData id="mine" file="mine.xml"/><include href="inner.add.xml"/>'
    file = make_case(additional=DETECTORS + own, more=more)
    (file.parent / "inner.add.xml").write_text('<additional><laneData id="too" file="too.xml"/></additional>')
    before = sorted(file.parent.iterdir())
    run_native(read_case(file), 1, tmp_path / "elsewhere" / "run", tables=("trips",))
    assert sorted(p for p in file.parent.iterdir() if p.name != "elsewhere") == before
    assert set(read_tables(tmp_path / "elsewhere" / "run")) == {"trips"}


def test_folders_with_commas_and_spaces_in_their_names(make_case: MakeCase, tmp_path: Path) -> None:
    file = make_case(additional=DETECTORS)
    odd = tmp_path / "Town, north; 2"
    odd.mkdir()
    for path in [p for p in tmp_path.iterdir() if p.is_file()]:
        path.rename(odd / path.name)
    run_native(read_case(odd / file.name), 1, odd / "run here", tables=("trips", "detectors"))
    assert set(read_tables(odd / "run here")) == {"trips", "detectors"}


def test_a_seed_repeats_and_another_differs(make_case: MakeCase, tmp_path: Path) -> None:
    case = read_case(make_case())
    loss = []
    for number, seed in enumerate((1, 1, 2)):
        run_native(case, seed, tmp_path / str(number))
        loss.append(read_tables(tmp_path / str(number))["trips"].set_index("vehicle_id")["time_loss_s"].sort_index())
    assert np.array_equal(loss[0], loss[1]) and not np.array_equal(loss[0], loss[2])


def test_large_pages_change_no_result(make_case: MakeCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.sumo.native import environment

    case, tables = read_case(make_case()), []
    assert "hugetlb=1" in environment()["GLIBC_TUNABLES"]
    for own in (None, "glibc.malloc.hugetlb=0"):
        if own:
            monkeypatch.setenv("GLIBC_TUNABLES", own)
            assert environment()["GLIBC_TUNABLES"] == own
        run_native(case, 1, tmp_path / str(own), tables=("trips", "edges"))
        tables.append(read_tables(tmp_path / str(own)))
    assert tables[0]["trips"].equals(tables[1]["trips"]) and tables[0]["edges"].equals(tables[1]["edges"])


def test_options_of_the_caller_replace_the_case_s(make_case: MakeCase, tmp_path: Path) -> None:
    case = read_case(make_case(more='<scale value="1"/>'))
    run_native(case, 1, tmp_path / "run", extra=("--scale", "0.5"), end_s=200.0)
    assert len(read_tables(tmp_path / "run")["trips"]) == pytest.approx(30, abs=6)


def test_sumo_s_own_words_when_it_stops(make_case: MakeCase, tmp_path: Path) -> None:
    case = read_case(make_case(CARS.replace("B1B2", "gone")))
    with pytest.raises(EngineFailed, match="gone") as caught:
        run_native(case, 7, tmp_path / "run")
    assert caught.value.place == "seed 7"


def test_outputs_that_break_off_are_no_tables(make_case: MakeCase, tmp_path: Path) -> None:
    """What a full disk leaves, told apart from a run in which nothing drove."""
    from models.sumo.native import _check_whole

    done = run_native(read_case(make_case("")), 1, tmp_path / "none", tables=("trips", "edges", "lanes"))
    assert all(len(table) == 0 for table in read_tables(tmp_path / "none").values())
    for name in ("trips.sumo.parquet", "statistics.xml"):
        whole = done.files[name].read_bytes()
        done.files[name].write_bytes(whole[:-20])
        with pytest.raises(StorageFailed, match=name):
            _check_whole(done.files)
        done.files[name].write_bytes(whole)


def test_a_watchdog_ends_a_run_and_its_tables_reach_up_to_there(make_case: MakeCase, tmp_path: Path) -> None:
    case = read_case(make_case('<flow id="f" begin="0" period="5"><route edges="A0A1 A1B1"/></flow>', end="10000000"))
    seen: list[float] = []

    def watch(step: Mapping[str, float]) -> str | None:
        seen.append(step["time"])
        assert step["inserted"] + step["waiting"] == step["time"] // 5 + 1
        return "enough" if step["time"] >= 600 else None

    done = run_native(case, 1, tmp_path / "run", tables=("trips", "edges"), watch=watch)
    assert done.stopped == "enough" and done.wall_s < 60, done
    assert seen == [60.0 * number for number in range(11)]
    tables = read_tables(tmp_path / "run")
    assert 600 / 5 <= len(tables["trips"]) < 1e5 and tables["edges"]["time_s"].max() >= 540


def test_what_the_watch_heard_is_the_summary_that_sumo_writes(make_case: MakeCase, tmp_path: Path) -> None:
    case = read_case(make_case())
    run_native(case, 1, tmp_path / "ours")
    run_native(case, 1, tmp_path / "sumos", extra=("--summary-output", "summary.csv"))
    ours, theirs = (list(kept_steps(tmp_path / name / "summary.csv")) for name in ("ours", "sumos"))
    assert ours and ours == theirs


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_simulation_outlives_its_worker(make_case: MakeCase, tmp_path: Path, number: int) -> None:
    flow = '<flow id="f" begin="0" end="9000000" period="5"><route edges="A0A1 A1B1"/></flow>'
    file = make_case(flow, end="10000000")
    program = "import sys; from pathlib import Path; from models.sumo import *\n"
    program += "run_native(read_case(Path(sys.argv[1])), 1, Path(sys.argv[2]))"
    worker = subprocess.Popen([sys.executable, "-c", program, file, tmp_path / "run"], stderr=subprocess.DEVNULL)
    try:
        sumos = _wait(lambda: _children(worker.pid))
        worker.send_signal(number)
        worker.wait(30)
        assert _wait(lambda: not [pid for pid in sumos if _runs(pid)])
    finally:
        worker.kill()
        worker.wait()


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split() if _runs(int(child))]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").readlink() == (sumo_home() / "bin" / "sumo").resolve()
    except OSError:
        return False


def _wait(look):  # type: ignore[no-untyped-def]
    for _ in range(300):
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")
