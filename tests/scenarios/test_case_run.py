"""Ensembles of any SUMO case: addressed by content, looked up, repeated, kept out when they jam."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from models.sumo import read_case
from networks import sumo_home
from networks.digest import digest_arrow, digest_table
from networks.errors import EngineFailed, InvalidRun, NotThere
from scenarios.cases.case_run import CaseJob, CaseOptions, case_jobs, repeat_case, run_case, run_case_member
from scenarios.ensembles.executor import RayExecutor, SerialExecutor
from scenarios.ensembles.interval import mean_interval, student_t
from scenarios.results.replay import REPEATERS, repeat
from scenarios.results.store import Store

CONFIGURATION = """<configuration><net-file value="grid.net.xml"/><route-files value="cars.rou.xml"/>
<additional-files value="more.add.xml"/><end value="{end}"/></configuration>"""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("net")
    words = ["--grid", "--grid.number", "3", "--grid.length", "100", "--tls.guess", "--seed", "1", "--no-warnings"]
    command = [str(sumo_home() / "bin" / "netgenerate"), *words, "-o", str(folder / "grid.net.xml")]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "grid.net.xml").read_bytes()


@pytest.fixture
def case_file(net: bytes, tmp_path: Path) -> Path:
    cars = "".join(f'<vehicle id="v{i}" depart="{i}"><route edges="A0A1 A1B1 B1B2"/></vehicle>' for i in range(80))
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "grid.net.xml").write_bytes(net)
    (folder / "cars.rou.xml").write_text(f"<routes>{cars}</routes>")
    (folder / "more.add.xml").write_text('<additional><e1Detector id="d" lane="A1B1_0" pos="9" file="x"/></additional>')
    (folder / "c.sumocfg").write_text(CONFIGURATION.format(end=200))
    return folder / "c.sumocfg"


class NeverCalled(SerialExecutor):
    def map(self, *_: object) -> list[object]:  # type: ignore[override]
        raise AssertionError("a run that is there was run again")


def jobs_of(file: Path, store: Path, seeds: tuple[int, ...] = (1, 2), **options: object) -> list[CaseJob]:
    return case_jobs(read_case(file), CaseOptions(**options), seeds, Store(store))  # type: ignore[arg-type]


def test_an_ensemble_runs_once_and_is_looked_up_then(case_file: Path, tmp_path: Path) -> None:
    tables = ("trips", "edges", "detectors")
    jobs = jobs_of(case_file, tmp_path / "runs", tables=tables)
    seen: list[int] = []
    runs = run_case(jobs, SerialExecutor(), lambda run: seen.append(run.seed))
    assert seen == [1, 2] and all(run.valid for run in runs)
    assert runs[0].digests != runs[1].digests and set(runs[0].digests) == set(tables)
    assert runs[0].measures["trips_finished"] > 40 and runs[0].measures["mean_speed_mps"] > 1
    assert len(runs[0].table("trips", verify=True)) == 80
    again = run_case(jobs_of(case_file, tmp_path / "runs", tables=tables[::-1]), NeverCalled())
    assert again == runs


def test_what_changes_the_run_changes_its_id_and_nothing_else_does(case_file: Path, tmp_path: Path) -> None:
    def inputs(**options: object) -> dict[str, object]:
        return jobs_of(case_file, tmp_path, **options)[0].inputs

    plain = inputs()
    assert inputs(meso=True) != plain and inputs(tables=("edges",)) != plain and inputs(extra=("--scale", "2")) != plain
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in case_file.parent.iterdir():
        (elsewhere / path.name).write_bytes(path.read_bytes())
    assert jobs_of(elsewhere / "c.sumocfg", tmp_path)[0].inputs == plain
    (elsewhere / "c.sumocfg").write_text(CONFIGURATION.format(end=201))
    assert jobs_of(elsewhere / "c.sumocfg", tmp_path)[0].inputs != plain
    more = case_file.parent / "more.add.xml"
    more.write_text('<additional><include href="inner.add.xml"/></additional>')
    (case_file.parent / "inner.add.xml").write_text("<additional/>")
    with_inner = inputs()
    (case_file.parent / "inner.add.xml").write_text("<additional> </additional>")
    assert plain != with_inner != inputs()


def test_a_missing_file_is_no_run(case_file: Path, tmp_path: Path) -> None:
    (case_file.parent / "cars.rou.xml").unlink()
    with pytest.raises(NotThere, match=r"cars\.rou\.xml"):
        jobs_of(case_file, tmp_path)


def test_a_member_that_fails_leaves_nothing_behind(case_file: Path, tmp_path: Path) -> None:
    (case_file.parent / "cars.rou.xml").write_text('<routes><trip id="x" depart="0" from="A0A1" to="no"/></routes>')
    with pytest.raises(EngineFailed, match="no"):
        run_case(jobs_of(case_file, tmp_path / "runs"), SerialExecutor())
    assert not [path for path in (tmp_path / "runs").rglob("*") if path.is_file()]


def test_a_run_is_repeated_from_its_manifest(case_file: Path, tmp_path: Path) -> None:
    run = run_case(jobs_of(case_file, tmp_path / "runs", (3,)), SerialExecutor())[0]
    assert REPEATERS["case"] == f"{repeat_case.__module__}:{repeat_case.__name__}"
    told = repeat(run.run_id[:9], Store(tmp_path / "runs"), Store(tmp_path / "scratch"))
    assert told.verdict == "same bytes" and told.same == ("trips",)
    (case_file.parent / "more.add.xml").write_text("<additional/>")
    with pytest.raises(NotThere, match="no longer what the run was made of"):
        repeat(run.run_id, Store(tmp_path / "runs"), Store(tmp_path / "third"))


def test_a_member_that_jams_is_named(case_file: Path, tmp_path: Path) -> None:
    jam = "".join(f'<vehicle id="v{i}" depart="0"><route edges="A0A1 A1B1"/></vehicle>' for i in range(400))
    (case_file.parent / "cars.rou.xml").write_text(f"<routes>{jam}</routes>")
    run = run_case_member(jobs_of(case_file, tmp_path / "runs", (1,))[0])
    assert not run.valid and "found no room to enter" in run.reasons[0]["en"]


def test_a_member_that_is_lost_is_kept_in_the_open_and_tried_again(case_file: Path, tmp_path: Path) -> None:
    class LosesTheFirst(SerialExecutor):
        def map(self, fn, items, on_done=None, on_lost=None):  # type: ignore[no-untyped-def]
            return [on_lost(0, InvalidRun("stopped: it held too much")), *super().map(fn, items[1:], on_done)]

    jobs = jobs_of(case_file, tmp_path / "runs")
    first, second = run_case(jobs, LosesTheFirst())
    assert not first.valid and "it held too much" in first.reasons[0]["en"] and first.seed == 1
    assert second.valid and second.seed == 2
    assert all(run.valid for run in run_case(jobs, SerialExecutor()))


def test_a_look_up_imports_nothing_heavy(case_file: Path, tmp_path: Path) -> None:
    run_case(jobs_of(case_file, tmp_path / "runs", (1,)), SerialExecutor())
    program = (
        "import sys; from pathlib import Path\n"
        "from models.sumo.case import read_case\n"
        "from scenarios.cases.case_run import CaseOptions, case_jobs, run_case\n"
        "from scenarios.results.store import Store\n"
        "jobs = case_jobs(read_case(sys.argv[1]), CaseOptions(), [1], Store(sys.argv[2]))\n"
        "assert run_case(jobs, None)[0].valid\n"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'ray', 'scipy', 'geopandas', 'libsumo'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", program, str(case_file), str(tmp_path / "runs")]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.ray
def test_ray_gives_what_serial_gives(case_file: Path, tmp_path: Path, ray_executor: RayExecutor) -> None:
    a = run_case(jobs_of(case_file, tmp_path / "a"), SerialExecutor())
    b = run_case(jobs_of(case_file, tmp_path / "b"), ray_executor)
    assert [run.run_id for run in a] == [run.run_id for run in b]
    assert [run.digests for run in a] == [run.digests for run in b]
    assert [replace(run, folder=Path()) for run in a] == [replace(run, folder=Path()) for run in b]


def test_arrow_tables_have_the_digest_of_their_data_frame(case_file: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    run = run_case(
        jobs_of(case_file, tmp_path / "runs", (1,), tables=("trips", "edges", "detectors")), SerialExecutor()
    )[0]
    for name in ("trips", "edges", "detectors"):
        table = pq.read_table(run.folder / f"{name}.parquet")
        assert digest_arrow(table) == digest_table(table.to_pandas()) == run.digests[name]


def test_intervals_are_student_s() -> None:
    from scipy import stats

    for degrees in (1, 2, 3, 5, 15, 40):
        for probability in (0.05, 0.6, 0.95, 0.995):
            assert student_t(probability, degrees) == pytest.approx(stats.t.ppf(probability, degrees), abs=1e-5)
    values = [3.0, 4.0, 8.0]
    low, high = stats.t.interval(0.9, 2, loc=5.0, scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx((5.0, low, high))
    assert mean_interval([2.0])[0] == 2.0
