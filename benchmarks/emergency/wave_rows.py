"""What came of each call of a green wave, kept as it comes: JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scenarios.greenwave.judging import Price


@dataclass(frozen=True)
class Row:
    """One call.

    Attributes:
        case: Its name.
        scale: Level of demand.
        seed: Of calls and simulation.
        call_id: The call.
        broken: Rules broken.
        teleports, teleports_blue: Vehicles that SUMO moved by force, with signals that hand over and without.
        price: What it gained and cost.
    """

    case: str
    scale: float
    seed: int
    call_id: str
    broken: int
    teleports: int
    teleports_blue: int
    price: Price


def add_row(file: Path, row: Row) -> None:
    """Add a line to the file."""
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(row)) + "\n")


def read_rows(file: Path) -> Iterator[Row]:
    """The rows of a file, of a call that was driven twice the last."""
    found: dict[tuple[Any, ...], Row] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        price = Price(**said.pop("price"))
        row = Row(**said, price=price)
        found[row.case, row.scale, row.seed, row.call_id] = row
    yield from found.values()
