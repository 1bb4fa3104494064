"""Observations from files: CSV that people write, and the table of a feed as CSV or Parquet."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

from calibration.observation import MEASURES, QUALITIES, Observation, ObservationTable
from networks.errors import BadInput, why_unread
from networks.imports.table_text import read_rows

KEEP_S = 20 * 366 * 86400.0
COLUMNS = ("sensor_id", "measure", "begin", "period_s", "result")
_MORE = ("quality", "result_time", "synthetic")


def read_observations(file: Path | str) -> ObservationTable:
    """All observations of a file: sensor_id, measure, begin (ISO 8601 with UTC offset), period_s, result, and perhaps
    quality, result_time and synthetic, as `ObservationTable.table` writes them; CSV, or Parquet by its name's end. An
    empty result means that the sensor had nothing to say.

    Raises:
        BadInput: It cannot be read, columns are missing or unknown, or a value is none. Told with the line.
    """
    file = Path(file)
    header, rows = parquet_rows(file) if file.suffix == ".parquet" else read_rows(file)
    if wrong := set(COLUMNS) - set(header) or set(header) - {*COLUMNS, *_MORE}:
        what = f"columns missing or unknown: {', '.join(sorted(wrong))}"
        raise BadInput(what, file=file, place="line 1", expected=",".join(COLUMNS))
    table = ObservationTable(keep_s=KEEP_S)
    for line, cells in rows:
        try:
            table.add(_observation(dict(zip(header, cells, strict=True))))
        except BadInput as error:
            raise BadInput(error.what, file=file, place=f"line {line}", expected=error.expected) from error
    return table


def parquet_rows(file: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """A Parquet table as the texts of a CSV file."""
    import pandas as pd

    try:
        table = pd.read_parquet(file)
    except OSError as why:
        raise BadInput(f"it cannot be read: {why_unread(why)}", file=file, expected="Parquet") from why
    except ValueError as why:
        raise BadInput("it is no Parquet", file=file, expected="a table of observations") from why
    names = [str(name) for name in table.columns]
    return names, [
        (line, ["" if pd.isna(cell) else str(cell) for cell in row])
        for line, row in enumerate(table.itertuples(index=False), start=1)
    ]


def _observation(row: dict[str, str]) -> Observation:
    if row["measure"] not in MEASURES:
        raise BadInput(f"no measure is {row['measure']!r}", expected=", ".join(MEASURES))
    quality = row.get("quality") or ("good" if row["result"] else "missing")
    if quality not in QUALITIES:
        raise BadInput(f"no quality is {quality!r}", expected=", ".join(QUALITIES))
    begin = _time(row["begin"], "begin")
    said = _time(row["result_time"], "result_time") if row.get("result_time") else begin
    result = _number(row["result"], "result") if row["result"] else None
    period_s, synthetic = _number(row["period_s"], "period_s"), row.get("synthetic", "").lower() in ("true", "1")
    return Observation(row["sensor_id"], row["measure"], begin, period_s, result, quality, said, synthetic)


def _time(text: str, name: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = datetime.min
    if time.tzinfo is None or time.year < 1970:
        raise BadInput(f"{name} is {text!r}", expected="ISO 8601 with a UTC offset, like 2026-05-01T09:00:00+08:00")
    return time


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < math.inf:
        raise BadInput(f"{name} is {text!r}", expected="a number, 0 or more")
    return value
