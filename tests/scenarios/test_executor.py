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

from networks.errors import BadScenario, EngineFailed
from scenarios import RayExecutor, SerialExecutor


def test_serial_keeps_the_order_and_tells_what_is_done() -> None:
    done: list[tuple[int, int]] = []
    with SerialExecutor() as executor:
        assert executor.map(lambda x: x * x, [3, 1, 2], lambda i, r: done.append((i, r))) == [9, 1, 4]
    assert done == [(0, 9), (1, 1), (2, 4)]


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


def _wait(ready: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "took too long"
        time.sleep(0.1)
