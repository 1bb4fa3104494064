"""A grid of nine junctions with signals, made by netgenerate, and cases on it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from small_cases import CARS, CONFIGURATION, MakeCase

from networks import sumo_home


@pytest.fixture(scope="session")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network; the signal A1 has 9 links."""
    home, net = sumo_home(), tmp_path_factory.mktemp("grid") / "grid.net.xml"
    words = "--grid --grid.number 3 --grid.length 100 --tls.guess --tls.guess.threshold 10 --seed 1 --no-warnings"
    subprocess.run([home / "bin" / "netgenerate", *words.split(), "-o", net], check=True, capture_output=True)
    return net


@pytest.fixture
def make_case(grid: Path, tmp_path: Path) -> MakeCase:
    """Write a case and give its .sumocfg."""

    def make(
        cars: str = CARS, *, additional: str = "", end: str = "300", more: str = "", net: str | None = None
    ) -> Path:
        (tmp_path / "grid.net.xml").write_text(net if net is not None else grid.read_text())
        (tmp_path / "cars.rou.xml").write_text(f"<routes>{cars}</routes>")
        if additional:
            (tmp_path / "more.add.xml").write_text(f"<additional>{additional}</additional>")
        text = CONFIGURATION.format(
            additional='<additional-files value="more.add.xml"/>' if additional else "",
            end=f'<end value="{end}"/>' if end else "",
            more=more,
        )
        (tmp_path / "case.sumocfg").write_text(text)
        return tmp_path / "case.sumocfg"

    return make
