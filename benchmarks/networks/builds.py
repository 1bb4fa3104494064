"""Builds the three networks of a city from the same file."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import osmium

from benchmarks.networks.cities import Streets
from networks import sumo_home
from networks.coordinates.projection import utm_proj4

TOOLS = ("plain", "osmBuild", "ours")
_ALIKE = (
    "--offset.disable-normalization",
    "--output.original-names",
    "--output.street-names",
    "--no-warnings",
    "--xml-validation=never",
)


@dataclass(frozen=True)
class Build:
    """A network and the CPU seconds that it took."""

    net: Path
    cpu_s: float


def build(tool: str, source: Path, streets: Streets, folder: Path) -> Build:
    """Build one network; plain and osmBuild get the driving side and the projection, which change nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    net = folder / f"{tool}.net.xml"
    if tool == "ours":
        command = [sys.executable, "-m", "twin.cli", "build", str(source), "--out", str(folder / "city")]
        cpu_s = _timed(command, folder)
        net.write_bytes((folder / "city" / "roads.net.xml").read_bytes())
        return Build(net, cpu_s)
    xml = folder / "map.osm"
    if not xml.exists():
        with osmium.SimpleWriter(str(xml)) as writer:
            for item in osmium.FileProcessor(str(source)):
                writer.add(item)
    options = _ALIKE if tool == "plain" else tuple(dict.fromkeys((*_usual(), *_ALIKE)))
    side = ["--lefthand"] if streets.left_hand else []
    command = [
        str(sumo_home() / "bin" / "netconvert"),
        "--osm-files",
        str(xml),
        "--proj",
        utm_proj4(streets.epsg),
        *side,
        *options,
        "-o",
        str(net),
    ]
    return Build(net, _timed(command, folder))


def _usual() -> list[str]:
    """The default options of SUMO's tools/osmBuild.py, read from that file."""
    text = (sumo_home() / "tools" / "osmBuild.py").read_text(encoding="utf-8")
    found = re.search(r"DEFAULT_NETCONVERT_OPTS = \((.*?)\)", text, re.S)
    assert found, "osmBuild.py has no default options"
    return "".join(re.findall(r"'([^']*)'", found[1])).split(",")


def _timed(command: list[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, "SUMO_HOME": str(sumo_home())}
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
