"""Copies of a live simulation: equal to the last digit, with files of their own, and never a reason to hang."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import busy_crossroads as crossroads
import psutil
import pytest

from models.sumo.branch import Branch
from models.sumo.changes import LanesClosed, NewVehicle, SignalHeld, SignalPhases, SpeedLimit
from models.sumo.kinds import from_values
from models.sumo.own_files import can_fork
from models.sumo.verification import verify_copies
from models.sumo.warm import WarmCity
from networks import sumo_home
from networks.errors import BadInput, EngineFailed

FORK_S, END_S = 150.0, 600.0
TABLES = ("trips.csv", "edges.csv", "loops.csv")
forks = pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
Prepare = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def prepare(signal_town: Any, tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    demand = tmp_path_factory.mktemp("demand") / "all.rou.xml"
    crossroads.write_demand(demand)
    return crossroads.options(signal_town.net_file, demand)


@pytest.fixture
def city(prepare: Prepare, tmp_path: Path) -> Iterator[WarmCity]:
    with WarmCity(prepare, tmp_path / "warm") as warm:
        warm.step_until(FORK_S)
        yield warm


def body(file: Path) -> bytes:
    """A file without the comment at its head, which tells when and where it was made."""
    return file.read_bytes().rpartition(b"-->")[2]


def undisturbed(prepare: Prepare, folder: Path, end_s: float) -> Path:
    """The same run by the sumo binary, from zero."""
    words = [*prepare(folder), "--end", f"{end_s:g}"]
    words.remove("900"), words.remove("--end")
    subprocess.run([sumo_home() / "bin" / "sumo", *words], check=True, capture_output=True)
    return folder


@forks
def test_children_and_parent_are_equal_long_after_the_first_portion_of_the_routes(city: WarmCity) -> None:
    verified = verify_copies(city, 3, END_S - FORK_S, at_once=2)
    assert verified.holds and verified.parent.time_s == END_S
    assert [verified.equal(child) for child in verified.children] == [True] * 3
    assert isinstance(verified.change, SignalHeld) and not verified.equal(verified.changed)
    assert all(child.problem is None and child.forked and child.dirty_mb > 1 for child in verified.children)
    assert city.now.vehicles > 50 and verified.moment.digest != city.now.digest


@forks
@pytest.mark.parametrize("files", ["own", "shared"])
def test_files_that_stay_shared_go_wrong(prepare: Prepare, tmp_path: Path, files: str) -> None:
    """The proof that the test above can fail: without files of their own, children steal each other's vehicles."""
    program = Path(__file__).with_name("forked_in_place.py")
    command = [sys.executable, program, tmp_path / "forks", files, f"{FORK_S}", f"{END_S}", *prepare(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout.splitlines()[-1])
    assert all(len(end) == 64 or "end of input" in end or "stopped" in end for end in found["children"]), found
    equal = {found["parent"], *found["children"]} == {found["parent"]}
    assert equal == (files == "own"), found


@forks
def test_tables_of_a_child_are_those_of_an_undisturbed_run(prepare: Prepare, tmp_path: Path) -> None:
    """Tables that SUMO keeps until the end, and positions that it had written by the megabyte before the fork."""

    def with_positions(folder: Path) -> list[str]:
        return [*prepare(folder), "--fcd-output", str(folder / "positions.xml")]

    closed = Branch("closed", 300.0, (LanesClosed(("C1C2_0",)),), tables=True)
    with WarmCity(with_positions, tmp_path / "warm") as city:
        city.step_until(FORK_S)
        assert (tmp_path / "warm" / "positions.xml").stat().st_size > 1e5, "there is a past to be copied"
        ended = city.fork([*(Branch(name, 300.0, tables=True) for name in "ab"), closed], step_until=300.0)
    plain = undisturbed(with_positions, tmp_path / "plain", 300.0)
    for name in (*TABLES, "positions.xml"):
        parent, whole = body(tmp_path / "warm" / name), body(plain / name)
        own = [body(child.files[str(tmp_path / "warm" / name)]) for child in ended]
        assert len(whole.splitlines()) > 5
        assert own[0] == own[1] == whole == parent
        assert own[2] != whole, f"{name} of the changed child"


@forks
def test_a_child_that_is_killed_is_named_and_the_others_go_on(city: WarmCity) -> None:
    def kill(name: str, pid: int) -> None:
        if name == "unlucky":
            os.kill(pid, signal.SIGKILL)
        elif name == "crashed":
            os.kill(pid, signal.SIGSEGV)

    names = ("first", "unlucky", "crashed", "last")
    ended = {one.name: one for one in city.fork([Branch(name, 400.0) for name in names], born=kill, step_until=400.0)}
    assert "SIGKILL" in str(ended["unlucky"].problem) and "SIGSEGV" in str(ended["crashed"].problem)
    assert ended["first"].after == ended["last"].after == city.now
    assert psutil.Process(city.pid).children() == []


@forks
def test_a_child_that_hangs_is_ended(city: WarmCity) -> None:
    def stop(name: str, pid: int) -> None:
        if name == "hangs":
            os.kill(pid, signal.SIGSTOP)

    hung, fine = city.fork([Branch("hangs", 200.0), Branch("fine", 160.0)], born=stop, limit_s=4.0)
    assert "longer than 4 s" in str(hung.problem) and fine.problem is None
    assert psutil.Process(city.pid).children() == []


@forks
def test_children_do_not_outlive_whoever_wanted_them(city: WarmCity) -> None:
    born: list[int] = []

    def kill_the_city(name: str, pid: int) -> None:
        born.append(pid)
        if name == "second":
            os.kill(city.pid, signal.SIGKILL)

    with pytest.raises(EngineFailed, match="SIGKILL"):
        city.fork([Branch("first", 50_000.0), Branch("second", 50_000.0)], at_once=2, born=kill_the_city)
    deadline = time.monotonic() + 60
    while any(map(psutil.pid_exists, born)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(psutil.pid_exists, born))


@forks
def test_a_city_does_not_outlive_whoever_wanted_it(prepare: Prepare, tmp_path: Path) -> None:
    demand = f"""
import sys
from pathlib import Path
from models.sumo.branch import Branch
from models.sumo.warm import WarmCity
city = WarmCity(lambda folder: {prepare(tmp_path / "warm")!r}, Path({str(tmp_path / "warm")!r}))
born = lambda name, pid: print(city.pid, pid, flush=True)
city.fork([Branch("long", 200_000.0)], born=born)
"""
    with subprocess.Popen([sys.executable, "-c", demand], stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        born = list(map(int, user.stdout.readline().split()))
        user.kill()
    deadline = time.monotonic() + 60
    while any(map(psutil.pid_exists, born)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(born) == 2 and not any(map(psutil.pid_exists, born))


def test_without_fork_a_fresh_process_is_warmed_up_and_says_so(prepare: Prepare, tmp_path: Path) -> None:
    with WarmCity(prepare, tmp_path, forks=False) as city:
        city.step_until(60.0)
        same, held = city.fork([Branch("same", 120.0, tables=True), Branch("slow", 120.0, (SpeedLimit("C1C2", 1.0),))],
                               step_until=120.0)  # fmt: skip
        assert not same.forked and same.after == city.now != held.after
        assert held.before == same.before
    assert same.files[str(tmp_path / "trips.csv")].read_bytes() == (tmp_path / "trips.csv").read_bytes()


@forks
def test_a_branch_may_change_what_a_planner_changes(city: WarmCity) -> None:
    green = "G" * 20
    changes = {
        "held": SignalHeld("C2"),
        "closed": LanesClosed(("C1C2_0",), reroute=True),
        "slow": SpeedLimit("C1C2", 3.0),
        "more": NewVehicle("extra", ("C0C1", "C1C2"), FORK_S + 5, speed_factor=0.7),
    }
    assert all(from_values(json.loads(json.dumps(Branch("x", 1, (c,)).as_values()))["changes"][0]) == c
               for c in changes.values())  # fmt: skip
    branches = [Branch("as-it-is", 240.0), *(Branch(name, 240.0, (change,)) for name, change in changes.items())]
    ended = city.fork([*branches, Branch("wrong", 240.0, (SignalPhases("nowhere", ((30.0, green),)),))])
    assert len({one.after.digest for one in ended[:-1] if one.after}) == len(branches)
    assert "SignalPhases of branch wrong" in str(ended[-1].problem)


@forks
def test_what_cannot_be_copied_is_said(city: WarmCity, prepare: Prepare, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="same name"):
        city.fork([Branch("a", 200.0), Branch("a", 200.0)])
    with pytest.raises(BadInput, match="before now"):
        city.fork([Branch("a", 10.0)])
    with pytest.raises(BadInput, match="0 copies"):
        verify_copies(city, 0, 10.0)
    with pytest.raises(BadInput, match="shows nothing"):
        verify_copies(city, 1, 0.0)
    city.step_until(2000.0)
    with pytest.raises(BadInput, match="no vehicles left"):
        verify_copies(city, 1, 10.0)
    with pytest.raises(EngineFailed, match="SUMO did not start"):
        WarmCity(lambda folder: [*prepare(folder), "--net-file", "nowhere.net.xml"], tmp_path / "none")
