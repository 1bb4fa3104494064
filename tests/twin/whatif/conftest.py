"""A town of five streets by five, built once, and workers that only pretend."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from planning_town import build_town

from networks import City
from twin.whatif import WhatIfs

PRETEND = """
import json, os, sys, time
folder = sys.argv[1]
with open(os.path.join(folder, "..", "order.txt"), "a") as order:
    order.write(os.path.basename(folder) + " begins\\n")
def write(name, content):
    with open(os.path.join(folder, name + ".beside"), "w") as file:
        json.dump(content, file)
    os.replace(os.path.join(folder, name + ".beside"), os.path.join(folder, name))
write("progress.json", {"phase": "running", "pid": os.getpid()})
while not os.path.exists(os.path.join(folder, "..", "go")):
    time.sleep(0.02)
write("result.json", {})
with open(os.path.join(folder, "..", "order.txt"), "a") as order:
    order.write(os.path.basename(folder) + " ends\\n")
"""


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> City:
    return build_town(tmp_path_factory.mktemp("planning"))


@pytest.fixture
def pretending(town: City, tmp_path: Path) -> Iterator[Callable[..., WhatIfs]]:
    """A queue whose worker does nothing until there is a file `go` in its folder."""
    opened: list[WhatIfs] = []

    def queue(script: str = PRETEND) -> WhatIfs:
        opened.append(WhatIfs(town, tmp_path / "runs", tmp_path / "asked", worker=(sys.executable, "-c", script)))
        opened[-1].start()
        return opened[-1]

    yield queue
    for one in opened:
        one.close()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    def wait(true: Callable[[], bool]) -> None:
        for _ in range(1500):
            if true():
                return
            time.sleep(0.02)
        pytest.fail("it did not come to that")

    return wait
