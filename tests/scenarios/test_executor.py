"""The same call here and on Ray: order, errors, Ctrl-C, and who can hear a local Ray."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from networks.errors import BadScenario, EngineFailed, InvalidRun
from scenarios import RayExecutor, SerialExecutor
from scenarios.ensembles.memory import resident_bytes


def test_serial_keeps_the_order_and_tells_what_is_done() -> None:
    done: list[tuple[int, int]] = []
    with SerialExecutor() as executor:
        assert executor.map(lambda x: x * x, [3, 1, 2], lambda i, r: done.append((i, r))) == [9, 1, 4]
    assert done == [(0, 9), (1, 1), (2, 4)]


TWICE = """
import os
from scenarios import RayExecutor
for _ in range(2):
    with RayExecutor(workers=1) as executor:
        assert executor.map(abs, [-1]) == [1]
    assert os.environ.get("RAY_AUTH_TOKEN") == os.environ.get("THEIRS")
"""


@pytest.mark.ray
@pytest.mark.parametrize(
    "theirs", [{}, pytest.param({"RAY_AUTH_TOKEN": "a" * 64, "THEIRS": "a" * 64}, marks=pytest.mark.full)]
)
def test_a_process_may_open_one_ray_after_another(theirs: dict[str, str]) -> None:
    around = {name: value for name, value in os.environ.items() if name != "RAY_AUTH_TOKEN"}
    subprocess.run([sys.executable, "-c", TWICE], env=around | theirs, check=True, timeout=200)


@pytest.mark.ray
def test_ray_keeps_the_order_and_computes_on_one_thread(ray_executor: RayExecutor) -> None:
    def threads(_: int) -> tuple[str | None, str | None]:
        return os.environ.get("OMP_NUM_THREADS"), os.environ.get("NUMBA_NUM_THREADS")

    done: list[int] = []
    assert ray_executor.map(lambda x: x * x, [3, 1, 2], lambda i, _: done.append(i)) == [9, 1, 4]
    assert sorted(done) == [0, 1, 2]
    assert ray_executor.map(threads, [0]) == [("1", "1")]
    assert ray_executor.map(lambda x: x, []) == []


@pytest.mark.ray
def test_an_error_in_a_worker_arrives_whole(ray_executor: RayExecutor) -> None:
    def refuse(x: int) -> int:
        raise BadScenario("no such edge", file="mine.yaml", place=f"line {x}")

    with pytest.raises(BadScenario) as told:
        ray_executor.map(refuse, [7])
    assert (told.value.file, told.value.place) == ("mine.yaml", "line 7")
    with pytest.raises(EngineFailed, match="ZeroDivisionError"):
        ray_executor.map(lambda x: 1 // (x - x), [1])
    assert ray_executor.map(lambda x: x * x, [5]) == [25]


@pytest.mark.ray
def test_a_local_ray_listens_on_loopback_only_and_wants_a_token(ray_executor: RayExecutor) -> None:
    ray_executor.map(lambda x: x, [1])
    me = psutil.Process()
    listening = [
        connection
        for process in [me, *me.children(recursive=True)]
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) > 3
    heard = {connection.laddr.ip for connection in listening}
    assert heard <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}
    assert os.environ["RAY_AUTH_MODE"] == "token"
    assert len(os.environ["RAY_AUTH_TOKEN"]) == 64


SCRIPT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a runner in the background hands down an ignored SIGINT
from pathlib import Path
from scenarios import RayExecutor, Store

def work(job):
    root, name = job
    with Store(root).landing("run", name) as landing:
        (landing.folder / "half").write_text("x")
        if name != "quick":
            Path(root, f"{name}.started").touch()
            time.sleep(60)
    return name

with RayExecutor(workers=2) as executor:
    executor.map(work, [(sys.argv[1], "quick"), (sys.argv[1], "slow1"), (sys.argv[1], "slow2")])
"""


@pytest.mark.ray
def test_ctrl_c_stops_the_workers_and_keeps_only_what_is_whole(tmp_path: Path) -> None:
    from scenarios import Store

    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RAY_")}
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "store")], env=environment, stderr=subprocess.PIPE, text=True
    )
    family = psutil.Process(process.pid)
    _wait(lambda: len(list((tmp_path / "store").glob("slow*.started"))) == 2, 60)
    children = family.children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors
    _, alive = psutil.wait_procs(children, timeout=15)
    assert alive == []
    assert Store(tmp_path / "store").ids("run") == ["quick"]


CLOSED = """
import sys, threading, time
from pathlib import Path
from networks.errors import EngineFailed
from scenarios import RayExecutor

def work(root):
    Path(root, "started").touch()
    time.sleep(60)

told = []
def ask():
    try:
        while True:
            executor.map(work, [sys.argv[1]] * 3)
    except EngineFailed as error:
        told.append(error.what)

executor = RayExecutor(workers=1)
thread = threading.Thread(target=ask)
thread.start()
while not Path(sys.argv[1], "started").exists():
    time.sleep(0.1)
executor.close()
left = not executor._under_way
thread.join(20)
print(left, told)
"""


@pytest.mark.ray
def test_closing_ends_first_what_another_thread_has_under_way(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RAY_")}
    command = [sys.executable, "-c", CLOSED, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "True ['what was under way was stopped']\n"), done.stderr


def _wait(ready: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "took too long"
        time.sleep(0.1)


@pytest.mark.ray
def test_a_lost_worker_is_replaced_and_nothing_counted_twice(ray_executor: RayExecutor, tmp_path: Path) -> None:
    def die_at_first(job: tuple[str, int]) -> int:
        """Work whose worker is killed the first time, for odd items."""
        folder, number = job
        mark = Path(folder) / f"tried-{number}"
        if number % 2 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number

    done: list[int] = []
    jobs = [(str(tmp_path), number) for number in range(5)]
    assert ray_executor.map(die_at_first, jobs, lambda index, _: done.append(index)) == [0, 1, 4, 9, 16]
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.ray
def test_an_item_that_kills_every_worker_is_given_up_in_the_open(ray_executor: RayExecutor, tmp_path: Path) -> None:
    def die(number: int) -> int:
        if number == 1:
            with (tmp_path / "tries").open("a") as tries:
                tries.write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    lost: list[str] = []
    found = ray_executor.map(die, [0, 1, 2], None, lambda index, why: lost.append(f"{index}: {why.what}"))
    assert found == [0, None, 2]
    assert (tmp_path / "tries").read_text() == "xxx"
    assert len(lost) == 1 and lost[0].startswith("1: stopped: its worker died 3 times")
    with pytest.raises(InvalidRun, match="died 3 times"):
        ray_executor.map(die, [1])


@pytest.mark.ray
def test_a_member_beyond_its_memory_cap_is_stopped_and_the_others_go_on() -> None:
    def grow(megabytes: int) -> int:
        held = []
        for _ in range(megabytes // 50):
            held.append(bytearray(50_000_000))
            time.sleep(0.2)
        return len(held)

    cap = resident_bytes() + 300_000_000  # this process has imported more than a worker has
    lost: list[str] = []
    with RayExecutor(workers=2, memory_cap=cap) as executor:
        found = executor.map(grow, [50, 20_000, 50], None, lambda index, why: lost.append(f"{index}: {why.what}"))
    assert found == [1, None, 1]
    assert (
        len(lost) == 1 and lost[0].startswith("1: stopped: it held ") and f"{cap / 1e9:.2f} GB are its cap" in lost[0]
    )


def test_the_memory_cap_holds_without_ray_and_counts_what_was_started() -> None:
    def start_a_large_one(_: int) -> int:
        code = "import time; held = bytearray(400_000_000); time.sleep(30)"
        return subprocess.run([sys.executable, "-c", code], check=False).returncode

    began = time.monotonic()
    with pytest.raises(InvalidRun, match="are its cap"):
        SerialExecutor(memory_cap=resident_bytes() + 200_000_000).map(start_a_large_one, [1])
    assert time.monotonic() - began < 25
