"""A cluster on one machine: a head without workers and two nodes with their own resources, reached by --ray-address."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from command_line import TWIN, scenario
from test_killed import Tables, in_the_middle, tables

from networks import City

HOST = "127.0.0.1"
SEEDS = 4
LISTENS_EVERYWHERE = {"gcs_server", "raylet"}
"""Ray 2.60 binds these to every interface, whatever --node-ip-address says: the token and the network are the wall."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


@dataclass
class Cluster:
    """Ray processes of one cluster; `nodes` in the order that they joined, the head first."""

    port: int
    token: str
    temp: Path
    nodes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("RAY_")}
        ours = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": self.token, "RAY_USAGE_STATS_ENABLED": "0"}
        return {**clean, **ours, "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}

    def join(self, cpus: int) -> None:
        """Start the head, then nodes that join it."""
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block"]
        command += ["--num-cpus", str(cpus), "--object-store-memory", "100000000", "--disable-usage-stats"]
        if self.nodes:
            command += ["--address", self.address]
        else:
            command += ["--head", "--port", str(self.port), "--include-dashboard", "false"]
            command += ["--temp-dir", str(self.temp)]
        log = (self.temp / f"node{len(self.nodes)}.log").open("wb")
        self.nodes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))
        self._started(self.temp / f"node{len(self.nodes) - 1}.log")

    def _started(self, log: Path) -> None:
        """One after another: nodes that start at the same moment take the same name for their sockets."""
        until = time.monotonic() + 150
        while "Ray runtime started" not in log.read_text(encoding="utf-8"):
            assert time.monotonic() < until and self.nodes[-1].poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.2)

    def wait(self, cpus: int) -> None:
        """Until the cluster has so many CPUs."""
        code = "import ray, sys, time; ray.init(address=sys.argv[1], logging_level='ERROR', log_to_driver=False)\n"
        code += "while ray.cluster_resources().get('CPU', 0) < int(sys.argv[2]): time.sleep(0.5)"
        command = [sys.executable, "-c", code, self.address, str(cpus)]
        subprocess.run(command, env=self.environment, check=True, timeout=180)

    def processes(self, node: int | None = None) -> list[psutil.Process]:
        found = []
        for one in self.nodes if node is None else [self.nodes[node]]:
            if one.poll() is None:
                root = psutil.Process(one.pid)
                found += [root, *root.children(recursive=True)]
        return found

    def kill(self, node: int) -> None:
        """As if its power failed."""
        for one in self.processes(node):
            one.send_signal(signal.SIGKILL)

    def twin(self, *words: object, **settings: str) -> subprocess.Popen[str]:
        environment = {**self.environment, **settings}
        command = [*map(str, TWIN), *map(str, words), "--ray-address", self.address]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.temp
        )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    # Ray's sockets need a short path.
    temp = Path(f"/tmp/ct{secrets.token_hex(3)}")
    temp.mkdir()
    one = Cluster(free_port(), secrets.token_hex(32), temp)
    try:
        one.join(0)
        one.join(1)
        one.join(1)
        one.wait(2)
        yield one
    finally:
        for number in range(len(one.nodes)):
            one.kill(number)
        for node in one.nodes:
            node.wait(timeout=30)
        shutil.rmtree(temp, ignore_errors=True)


@pytest.mark.full
@pytest.mark.ray
def test_who_listens_where_on_a_cluster(cluster: Cluster) -> None:
    heard: dict[str, set[str]] = {}
    for process in cluster.processes():
        for connection in process.net_connections(kind="inet"):
            if connection.status == psutil.CONN_LISTEN:
                heard.setdefault(process.name(), set()).add(connection.laddr.ip)
    print({name: sorted(places) for name, places in sorted(heard.items())})
    everywhere = {name for name, places in heard.items() if places & {"::", "0.0.0.0"}}
    assert everywhere == LISTENS_EVERYWHERE
    own = {address.address for addresses in psutil.net_if_addrs().values() for address in addresses}
    assert {place for name, places in heard.items() if name not in everywhere for place in places} <= own


@pytest.mark.full
@pytest.mark.ray
def test_without_the_token_nobody_gets_in(cluster: Cluster, tmp_path: Path, helsinki: City) -> None:
    words = ["run", scenario(tmp_path, "  []"), "--city", helsinki.folder, "--runs", tmp_path / "runs", "--seeds", "1"]
    process = cluster.twin(*words, RAY_AUTH_TOKEN="0" * 64)
    told, _ = process.communicate(timeout=240)
    print(told)
    assert process.returncode == 3
    assert "RAY_AUTH_TOKEN holds the cluster's token" in told
    assert tables(tmp_path / "runs") == {}


@pytest.mark.full
@pytest.mark.ray
def test_a_node_is_killed_and_the_result_is_as_if_undisturbed(cluster: Cluster, tmp_path: Path, helsinki: City) -> None:
    file, runs = scenario(tmp_path, "  []"), tmp_path / "runs"
    words = ["--city", helsinki.folder, "--seeds", SEEDS]
    process = cluster.twin("run", file, "--runs", runs, *words)
    in_the_middle(runs, process)
    cluster.kill(2)
    told, _ = process.communicate(timeout=280)
    print(told)
    assert process.returncode == 0, told
    assert f"{SEEDS} of {SEEDS} members valid" in told
    assert "a worker died" in told
    assert tables(runs) == undisturbed(file, helsinki, tmp_path)


def undisturbed(file: Path, city: City, folder: Path) -> Tables:
    command = [*TWIN, "run", file, "--city", city.folder, "--seeds", SEEDS, "--runs", folder / "serial", "--serial"]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=280)
    return tables(folder / "serial")
