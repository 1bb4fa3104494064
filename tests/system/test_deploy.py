"""What deploys (KubeRay manifest, systemd unit, container file) fits together, our options and our pins."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.beside

HOUSE = Path(__file__).resolve().parents[2]
POD = ("resources", "volumeMounts", "image")


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    text = (HOUSE / "deploy" / "rayjob.yaml").read_text(encoding="utf-8")
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


def pods(job: dict[str, Any]) -> list[dict[str, Any]]:
    cluster = job["spec"]["rayClusterSpec"]
    return [cluster["headGroupSpec"]["template"], *(group["template"] for group in cluster["workerGroupSpecs"])]


def test_the_entrypoint_is_a_command_that_there_is(documents: dict[str, dict[str, Any]]) -> None:
    from twin.commands.study import run_command

    words = shlex.split(documents["RayJob"]["spec"]["entrypoint"])
    assert words[:2] == ["twin", "run"]
    with run_command.make_context("run", words[2:]) as context:
        given = context.params
    assert given["ray_address"] == "auto" and given["memory_cap"] == 3 * 10**9
    assert all(str(given[name]).startswith("/data") for name in ("file", "city_folder", "runs"))


def test_fields_are_those_of_ray_io_v1(documents: dict[str, dict[str, Any]]) -> None:
    job = documents["RayJob"]
    assert job["apiVersion"] == "ray.io/v1"
    known = {"entrypoint", "backoffLimit", "shutdownAfterJobFinishes", "ttlSecondsAfterFinished", "rayClusterSpec"}
    assert set(job["spec"]) == known
    cluster = job["spec"]["rayClusterSpec"]
    assert set(cluster) == {"rayVersion", "authOptions", "headGroupSpec", "workerGroupSpecs"}
    assert cluster["authOptions"] == {"mode": "token"}
    for group in cluster["workerGroupSpecs"]:
        assert group["minReplicas"] <= group["replicas"] <= group["maxReplicas"]
        assert all(isinstance(value, str) for value in group["rayStartParams"].values())


def test_ray_is_the_pinned_one_and_every_pod_is_the_same(documents: dict[str, dict[str, Any]]) -> None:
    pins = dict(
        line.split("==") for line in (HOUSE / "constraints.txt").read_text().splitlines() if line.startswith("ray==")
    )
    job = documents["RayJob"]
    assert job["spec"]["rayClusterSpec"]["rayVersion"] == pins["ray"].split(";")[0].strip()
    containers = [pod["spec"]["containers"][0] for pod in pods(job)]
    assert len({one["image"] for one in containers}) == 1
    assert all(set(POD) <= set(one) for one in containers)
    claim = documents["PersistentVolumeClaim"]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    for pod in pods(job):
        (volume,) = pod["spec"]["volumes"]
        assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        assert pod["spec"]["containers"][0]["volumeMounts"] == [{"name": volume["name"], "mountPath": "/data"}]


def test_only_the_job_reaches_rays_ports(documents: dict[str, dict[str, Any]]) -> None:
    policy = documents["NetworkPolicy"]["spec"]
    chosen = policy["podSelector"]["matchLabels"]
    assert all(chosen.items() <= pod["metadata"]["labels"].items() for pod in pods(documents["RayJob"]))
    inside, submitter = policy["ingress"]
    assert inside["from"] == [{"podSelector": {"matchLabels": chosen}}]
    assert [one["port"] for one in submitter["ports"]] == [8265]


def test_the_unit_s_command_is_one_that_there_is() -> None:
    from twin.commands.serve import serve_command

    unit = (HOUSE / "deploy" / "citytwin@.service").read_text(encoding="utf-8")
    assert len(re.findall(r"^Type=notify$|^WatchdogSec=\d+$|^NotifyAccess=main$", unit, re.MULTILINE)) == 3
    (line,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    page = (HOUSE / "docs" / "running.md").read_text(encoding="utf-8")
    (options,) = re.findall(r"^OPTIONS=(.*)$", page, re.MULTILINE)
    words = shlex.split(line.replace("$OPTIONS", options))
    assert words[:2] == ["/opt/citytwin/bin/twin", "serve"]
    with serve_command.make_context("serve", words[2:]) as context:
        given = context.params
    assert given["sign_in"] and given["tls_cert"] and str(given["out"]) == "/var/lib/citytwin/%i"
    assert {"CITY", "CASE", "FEEDS", "OPTIONS"} <= set(re.findall(r"^([A-Z]+)=", page, re.MULTILINE))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = (HOUSE / "deploy" / "citytwin@.service").read_text(encoding="utf-8")
    unit = tmp_path / "citytwin@town.service"
    unit.write_text(text.replace("/opt/citytwin/bin/twin", "/bin/true"), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "citytwin@town" not in told.stderr and "/citytwin@" not in told.stderr, told.stderr


def test_the_container_is_made_of_what_is_here() -> None:
    text = (HOUSE / "deploy" / "Containerfile").read_text(encoding="utf-8")
    made = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (extras,) = re.findall(r'-c constraints\.txt "\.\[([a-z,]+)\]"', text)
    assert set(extras.split(",")) <= set(made["optional-dependencies"])
    assert re.search(r"^USER 10001$", text, re.MULTILINE) and f"citytwin-serve:{made['version']}" in text
    page = (HOUSE / "docs" / "running.md").read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = re.findall(r"citytwin-serve:\S+ (serve .*)$", page, re.MULTILINE)
    from twin.commands.serve import serve_command

    with serve_command.make_context("serve", shlex.split(line)[1:]) as context:
        assert context.params["host"] == "::" and context.params["sign_in"]
