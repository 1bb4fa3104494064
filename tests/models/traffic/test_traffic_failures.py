"""What cannot be run is said before the run, and the engine is given back whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.clock import Clock
from models.traffic import AddVehicle, Closure, Traffic, VehicleTrip
from networks.errors import BadInput, EngineFailed

GOOD = VehicleTrip("v", 0.0, "car", ("A0A1", "A1A2"))


def make(town: Any, trips: list[VehicleTrip], folder: Path, **options: Any) -> Traffic:
    return Traffic(
        town.net_file, town.edge_ids, trips, seed=1, end_s=60, folder=folder, water=False, walkers=False, **options
    )


@pytest.mark.parametrize(
    ("trips", "words"),
    [
        ([replace(GOOD, route=("A0A1", "gone"))], "edge gone, which is not there"),
        ([replace(GOOD, route=("A0A1", "A2A3"))], "from edge A0A1 to A2A3, which are not joined"),
        ([GOOD, GOOD], "same name"),
        ([replace(GOOD, vtype="sledge")], "sledge"),
        ([replace(GOOD, depart_s=-1.0)], "at or after 0 s"),
        ([replace(GOOD, depart_s=float("nan"))], "at or after 0 s"),
        ([replace(GOOD, route=())], "needs a route"),
    ],
)
def test_trips_that_do_not_fit_are_named_before_the_run(
    town: Any, tmp_path: Path, trips: list[VehicleTrip], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        make(town, trips, tmp_path)


def test_closures_that_do_not_fit_are_named(town: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere is not in the city"):
        make(town, [GOOD], tmp_path, closures=[Closure("nowhere", 0, 1)])
    with pytest.raises(BadInput, match="ends before it begins"):
        make(town, [GOOD], tmp_path, closures=[Closure("A0A1", 5, 5)])


def test_a_run_inside_a_run_is_refused_and_the_first_goes_on(town: Any, tmp_path: Path) -> None:
    first, second = make(town, [GOOD], tmp_path / "1"), make(town, [GOOD], tmp_path / "2")
    clock = Clock([first], step_s=10)
    first.start(clock.exchange)
    with pytest.raises(EngineFailed, match="already runs"):
        Clock([second], step_s=10).run(60)
    with pytest.raises(EngineFailed, match="not over"):
        first.tables()
    first.advance(60, clock.exchange)
    first.close()
    first.close()
    assert first.tables()["trips"].finished.all()
    Clock([second], step_s=10).run(60)
    assert second.tables()["trips"].finished.all()


def test_sumos_own_words_reach_the_user_and_the_next_run_works(
    town: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.net.xml"
    whole = town.net_file.read_text()
    traffic = Traffic(
        town.net_file, town.edge_ids, [GOOD], seed=1, end_s=60, folder=tmp_path / "x", water=False, walkers=False
    )
    broken.write_text(whole[: len(whole) // 2])
    traffic._net = broken
    with pytest.raises(EngineFailed, match=r"SUMO did not start: .*(?i:xml|tag|element|input)"):
        Clock([traffic], step_s=10).run(60)
    assert capfd.readouterr().err == ""
    after = make(town, [GOOD], tmp_path / "after")
    Clock([after], step_s=10).run(60)
    assert after.validity().valid


def test_a_command_that_cannot_be_obeyed_is_an_error_and_frees_the_engine(town: Any, tmp_path: Path) -> None:
    for command, words in [
        (AddVehicle("a", "ambulance", ("A0A1", "gone"), "gone", 60, 0.3), "cannot be sent"),
        (AddVehicle("a", "sledge", ("A0A1",), "A0A1", 60, 0.3), "unknown vehicle type"),
        ("jump", "does not know the command"),
    ]:
        traffic = make(town, [GOOD], tmp_path)
        clock = Clock([traffic], step_s=10)
        clock.exchange.post("traffic", command)
        with pytest.raises(BadInput, match=words):
            clock.run(60)
    Clock([make(town, [GOOD], tmp_path)], step_s=10).run(60)


def test_importing_the_engine_is_silent_and_leaves_proj_alone() -> None:
    code = (
        "import pyarrow, os; before = dict(os.environ)\n"
        "from models.sumo.session import load_libsumo; load_libsumo()\n"
        "changed = {k for k in {*before, *os.environ} if before.get(k) != os.environ.get(k)}\n"
        "assert changed <= {'SUMO_HOME'}, changed"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_room_loads_nothing_heavy() -> None:
    code = "import sys, models, models.traffic; assert not {'libsumo', 'pandas', 'scipy'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
