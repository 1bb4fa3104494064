"""What came of each call of a green wave, kept as it comes: a CSV table."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One call.

    Attributes:
        call_id: The call.
        case: Its case.
        scale: Level of demand.
        seed: Of calls and simulation.
        signals: On its way that can hand over.
        blue_s: With blue light alone; NaN where it did not come.
        wave_s: With signals that hand over.
        least_s: In empty streets with every signal green.
        others: Trips of others.
        mean_s, worst_s: What they lose more: the mean, and the mean of the worst tenth.
        filled, freed: Lanes whose queue fills them for longer, and for less time.
        broken: Rules broken.
        teleports, teleports_blue: Vehicles that SUMO moved by force, with signals that hand over and without.
    """

    call_id: str
    case: str
    scale: float
    seed: int
    signals: int
    blue_s: float
    wave_s: float
    least_s: float
    others: int
    mean_s: float
    worst_s: float
    filled: int
    freed: int
    broken: int
    teleports: int
    teleports_blue: int

    @property
    def share(self) -> float:
        """Of its time with blue light alone that the vehicle saves; NaN where either did not come."""
        return 1.0 - self.wave_s / self.blue_s

    @property
    def most(self) -> float:
        """The share that no wave can beat."""
        return 1.0 - self.least_s / self.blue_s

    @property
    def came(self) -> bool:
        """Whether both came."""
        return not math.isnan(self.share)


_KINDS = {"str": str, "float": float, "int": int}


def add_row(file: Path, row: Row) -> None:
    """Add a line to the file, and its head where it is new."""
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, [field.name for field in fields(Row)], lineterminator="\n")
        if new:
            table.writeheader()
        table.writerow(asdict(row))


def read_rows(file: Path) -> Iterator[Row]:
    """The rows of a file; of a call that was driven twice the last."""
    found: dict[tuple[str, float, int, str], Row] = {}
    with file.open(encoding="utf-8", newline="") as said:
        for line in csv.DictReader(said):
            row = Row(**{field.name: _KINDS[str(field.type)](line[field.name]) for field in fields(Row)})
            found[row.case, row.scale, row.seed, row.call_id] = row
    yield from found.values()
