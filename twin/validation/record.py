"""`Record`: what one validation found, as JSON that the command which ran it writes; no figure is typed in."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.errors import BadInput
from networks.sentence import Sentence

if TYPE_CHECKING:
    from models.check import Check

FORMAT = "citytwin-validation-1"
SENSES = ("most", "least")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of a validation.

    Attributes:
        case: What was run, and on what.
        kind: Against what: "analytic", "verification", "real", "ledger", "rimea", "peer", ...
        measure: What was measured, with its unit.
        value: It.
        gate: What it is held to, fixed before the run; None: nothing holds it.
        sense: "most" or "least" that the gate is.
        low: Lower end of its interval, or the least of the draws; None: it is one figure.
        high: Upper end.
        interval: What low and high are; "" without.
        n: Draws, runs or seeds behind it; 1: one run that is the same every time.
    """

    case: str
    kind: str
    measure: str
    value: float
    gate: float | None = None
    sense: str = "most"
    low: float | None = None
    high: float | None = None
    interval: str = ""
    n: int = 1

    @property
    def passed(self) -> bool | None:
        """Whether the gate was met; None without one. What is no number meets none."""
        if self.gate is None:
            return None
        return bool(self.value <= self.gate if self.sense == "most" else self.value >= self.gate)


@dataclass(frozen=True, slots=True)
class Record:
    """A validation that was run.

    Attributes:
        name: As in `KNOWN`.
        command: What ran it.
        made_at: When, UTC.
        version: Of citytwin and, after a +, of its model code (digest).
        engines: Engine -> version.
        data: (name, SHA-256) of files and folders from outside that it named; empty: it named none.
        fixed: What was fixed before the run.
        left_out: What was not run, and why.
        rows: What was found.
    """

    name: str
    command: str
    made_at: str
    version: str
    engines: dict[str, str]
    data: tuple[tuple[str, str], ...]
    fixed: Sentence
    left_out: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def missed(self) -> int:
        """Gates that were missed."""
        return sum(row.passed is False for row in self.rows)

    @property
    def gates(self) -> int:
        """Gates in all."""
        return sum(row.gate is not None for row in self.rows)


def rows_of(checks: Sequence[Check]) -> list[Row]:
    """Rows of what a `validate` command checked."""
    return [Row(one.name, one.kind, one.measure, one.value, one.gate) for one in checks]


def record_of(
    name: str, command: str, rows: Sequence[Row], *, fixed: Sentence, data: Sequence[Path] = (),
    left_out: Sequence[str] = (), now: datetime | None = None,
) -> Record:  # fmt: skip
    """A record of what was just run, with versions and digests of data files or folders."""
    from scenarios.results.versions import code_version, engine_versions

    version = f"{metadata.version('citytwin')}+{code_version()[:12]}"
    read = tuple((place.name, _digest(place)) for place in dict.fromkeys(data) if place.exists())
    moment = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    return Record(name, command, moment, version, dict(engine_versions()), read, fixed, tuple(left_out), tuple(rows))


def write_record(folder: Path, record: Record) -> Path:
    """Write FOLDER/NAME.json; an older one of the name is replaced.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    from networks import landing_file

    file = folder / f"{record.name}.json"
    with landing_file(file) as beside:
        text = json.dumps({"format": FORMAT, **_finite(asdict(record))}, ensure_ascii=False, indent=1, allow_nan=False)
        beside.write_text(text + "\n", encoding="utf-8")
    return file


def read_records(folder: Path) -> list[Record]:
    """All records of a folder, by name.

    Raises:
        BadInput: The folder is not there, or a file in it is no record.
    """
    if not folder.is_dir():
        remedy = "a clone has docs/validation; twin flood validate --table FOLDER begins another"
        expected = "a folder of tables that validations wrote"
        raise BadInput("there is no such folder", file=folder, expected=expected, remedy=remedy)
    return [_read(file) for file in sorted(folder.glob("*.json"))]


def _read(file: Path) -> Record:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise ValueError("another format")
        rows = tuple(Row(**(one | {"value": _number(one["value"])})) for one in told.pop("rows"))
        if any(row.sense not in SENSES for row in rows):
            raise ValueError(f"a sense that is none of {', '.join(SENSES)}")
        data = tuple((str(name), str(digest)) for name, digest in told.pop("data"))
        record = Record(**told | {"left_out": tuple(told["left_out"])}, data=data, rows=rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "let its command write it again; nothing is typed in"
        raise BadInput(f"no validation: {error}", file=file, expected=FORMAT, remedy=remedy) from error
    if record.name != file.stem:
        raise BadInput(f"it says that it is {record.name}", file=file, expected=f"{record.name}.json")
    return record


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _finite(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _finite(one) for name, one in told.items()}
    if isinstance(told, (list, tuple)):
        return [_finite(one) for one in told]
    return None if isinstance(told, float) and not math.isfinite(told) else told


def _digest(place: Path) -> str:
    from networks import digest_file, digest_json

    if place.is_file():
        return digest_file(place)
    files = sorted(file for file in place.rglob("*") if file.is_file())
    return digest_json({file.relative_to(place).as_posix(): digest_file(file) for file in files})
