"""Observations from a CSV file, for whoever has no feed."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

from calibration.observation import MEASURES, QUALITIES, Observation, ObservationTable
from networks.errors import BadInput
from networks.imports.table_text import read_rows

_KEEP_S = 20 * 366 * 86400.0
COLUMNS = ("sensor_id", "measure", "begin", "period_s", "result")


def read_observations(file: Path | str) -> ObservationTable:
    """All observations of a CSV file: sensor_id, measure, begin (ISO 8601 with UTC offset), period_s, result, and
    perhaps quality; an empty result means that the sensor had nothing to say.

    Raises:
        BadInput: It cannot be read, columns are missing or unknown, or a value is none. Told with the line.
    """
    file = Path(file)
    header, rows = read_rows(file)
    if wrong := set(COLUMNS) - set(header) or set(header) - {*COLUMNS, "quality"}:
        what = f"columns missing or unknown: {', '.join(sorted(wrong))}"
        raise BadInput(what, file=file, place="line 1", expected=",".join(COLUMNS))
    table = ObservationTable(keep_s=_KEEP_S)
    for line, cells in rows:
        try:
            table.add(_observation(dict(zip(header, cells, strict=True))))
        except BadInput as error:
            raise BadInput(error.what, file=file, place=f"line {line}", expected=error.expected) from error
    return table


def _observation(row: dict[str, str]) -> Observation:
    if row["measure"] not in MEASURES:
        raise BadInput(f"no measure is {row['measure']!r}", expected=", ".join(MEASURES))
    quality = row.get("quality") or ("good" if row["result"] else "missing")
    if quality not in QUALITIES:
        raise BadInput(f"no quality is {quality!r}", expected=", ".join(QUALITIES))
    try:
        begin = datetime.fromisoformat(row["begin"])
    except ValueError:
        begin = datetime.min
    if begin.tzinfo is None or begin.year < 1970:
        expected = "ISO 8601 with a UTC offset, like 2026-05-01T09:00:00+08:00"
        raise BadInput(f"begin is {row['begin']!r}", expected=expected)
    result = _number(row["result"], "result") if row["result"] else None
    return Observation(
        row["sensor_id"], row["measure"], begin, _number(row["period_s"], "period_s"), result, quality, begin
    )


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < math.inf:
        raise BadInput(f"{name} is {text!r}", expected="a number, 0 or more")
    return value
