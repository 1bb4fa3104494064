"""A busy grid of lights with detectors, whose route file is read in several portions: something worth copying."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path

ROWS, SIZE = "ABCDE", 5
LAST_DEPART_S = 1090
FILLING = f"<!--{'.' * 3000}-->\n"
"""SUMO reads a megabyte at a time, so a file must be longer than that to be read again after a fork."""


def write_demand(file: Path) -> None:
    """1400 vehicles straight on and round one corner, by departure, far more than SUMO reads in its first portion."""
    draw = random.Random(4)
    lines = ["<routes>\n"]
    for k in range(1400):
        row, column, turn = draw.choice(ROWS), draw.randrange(SIZE), draw.randrange(1, SIZE - 1)
        along = [f"{row}{i}" for i in range(turn + 1)] + [f"{r}{turn}" for r in ROWS[ROWS.index(row) + 1 :]]
        if draw.random() < 0.5:
            along = [f"{r}{column}" for r in ROWS]
        edges = " ".join(a + b for a, b in itertools.pairwise(along))
        depart = k * LAST_DEPART_S / 1400
        lines.append(
            f'<vehicle id="v{k}" depart="{depart:.2f}" departLane="best" departPos="base" departSpeed="max" '
            f'arrivalPos="max" type="DEFAULT_VEHTYPE"><route edges="{edges}"/></vehicle>\n{FILLING}'
        )
    file.write_text("".join([*lines, "</routes>\n"]), encoding="utf-8")


def options(net: Path, demand: Path) -> Callable[[Path], list[str]]:
    """SUMO's options for a run whose trips, edges and detectors land in a folder."""

    def prepare(folder: Path) -> list[str]:
        folder.mkdir(parents=True, exist_ok=True)
        added = folder / "measured.add.xml"
        added.write_text(
            f'<additional><edgeData id="e" period="60" file="{folder}/edges.csv"/>'
            f'<inductionLoop id="d" lane="C1C2_0" pos="80" period="60" file="{folder}/loops.csv"/></additional>',
            encoding="utf-8",
        )
        return [
            "--net-file", str(net), "--route-files", str(demand), "--additional-files", str(added), "--seed", "3",
            "--tripinfo-output", str(folder / "trips.csv"), "--no-step-log", "--ignore-route-errors", "--no-warnings",
            "--end", "900", "--duration-log.disable", "--xml-validation", "never", "--precision", "6",
        ]  # fmt: skip

    return prepare
