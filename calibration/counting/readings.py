"""Rows as files have them, whatever their shape: one table with the file and line of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput
from networks.imports.table_text import Row, read_rows
from networks.safe_xml import check_xml, read_xml

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("sensor", "measure", "time", "period_s", "result", "unit", "said", "file", "line")
"""sensor; measure; time as it is written; period_s (s, "" where nobody said); result as it is written; unit; when it
was said; number of the file; line in it (in XML: number of the element)."""

_NAMES: dict[str, tuple[str, ...]] = {
    "sensor": ("sensor_id", "sensor", "detector", "detector_id", "id", "route", "path"),
    "time": ("begin", "time", "timestamp", "datetime", "phenomenon_time", "date_time"),
    "result": ("result", "value", "count", "seconds", "vehicles"),
    "measure": ("measure",),
    "period_s": ("period_s",),
    "unit": ("unit",),
    "said": ("result_time",),
}
_SPEEDS = {"speed_mps": "m/s", "speed": "m/s", "speed_kmh": "km/h", "speed_kph": "km/h", "speed_mph": "mph"}
"""Columns of mean speeds beside counts, and their unit."""
_PASSED = ("quality", "synthetic", "edges", "error_s")
_XML_ROOTS = ("meandata", "detector")


def read_readings(files: Sequence[Path | str], measure: str) -> pd.DataFrame:
    """All rows of all files under COLUMNS, texts as they are written.

    Shapes: long CSV or Parquet (sensor_id, begin, result; perhaps measure, period_s, unit, result_time, and a mean
    speed beside it: speed_mps, speed_kmh, speed_mph), wide CSV or Parquet (a column of times, then one per sensor),
    SUMO's edgeData XML, and the output of its induction loops.

    Args:
        files: What to read.
        measure: What a row is about that does not say it.

    Raises:
        BadInput: A file cannot be read, or has none of these shapes.
    """
    import pandas as pd

    frames = [_rows_of(Path(file), number, measure) for number, file in enumerate(files)]
    return pd.concat(frames, ignore_index=True)


def _rows_of(file: Path, number: int, measure: str) -> pd.DataFrame:
    import pandas as pd

    if file.name.endswith((".xml", ".xml.gz")):
        rows = _xml_rows(file)
    else:
        header, lines = _parquet(file) if file.suffix == ".parquet" else read_rows(file)
        rows = _shape(file, header)(file, header, lines, measure)
    if not rows:
        raise BadInput("it holds no readings", file=file, expected="at least one row with a sensor, a time and a value")
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "file"])
    frame["file"] = number
    return frame[list(COLUMNS)]


def _parquet(file: Path) -> tuple[list[str], list[Row]]:
    from calibration.observation_file import parquet_rows

    return parquet_rows(file)


def _shape(file: Path, header: list[str]) -> Callable[..., list[tuple[object, ...]]]:
    lower = [name.lower() for name in header]
    has = {key for key, names in _NAMES.items() if set(names) & set(lower)}
    if {"sensor", "time", "result"} <= has:
        return _long_rows
    if "time" in has and "sensor" not in has and lower[0] in _NAMES["time"]:
        return _wide_rows
    raise BadInput(
        f"its columns are {', '.join(header[:6])}",
        file=file,
        place="line 1",
        expected="sensor_id,begin,result (perhaps measure,period_s,unit,result_time), or begin and a column per sensor",
        remedy="rename the columns",
    )


def _long_rows(file: Path, header: list[str], lines: list[Row], measure: str) -> list[tuple[object, ...]]:
    lower = [name.lower() for name in header]
    at = {key: next((lower.index(n) for n in names if n in lower), -1) for key, names in _NAMES.items()}
    known = {n for names in _NAMES.values() for n in names} | set(_PASSED) | set(_SPEEDS)
    if unknown := [name for name in lower if name not in known]:
        raise BadInput(f"columns unknown: {', '.join(unknown)}", file=file, place="line 1", expected=", ".join(known))

    def cell(cells: list[str], key: str, usual: str = "") -> str:
        return (cells[at[key]] if at[key] >= 0 else "") or usual

    def row(cells: list[str], line: int, about: str, value: str, unit: str) -> tuple[object, ...]:
        when = cell(cells, "time"), cell(cells, "period_s")
        return (cell(cells, "sensor"), about, *when, value, unit, cell(cells, "said"), line)

    told = [
        row(cells, line, cell(cells, "measure", measure), cell(cells, "result"), cell(cells, "unit"))
        for line, cells in lines
    ]
    beside = [(lower.index(name), unit) for name, unit in _SPEEDS.items() if name in lower]
    return told + [
        row(cells, line, "speed", cells[at], unit) for at, unit in beside for line, cells in lines if cells[at].strip()
    ]


def _wide_rows(file: Path, header: list[str], lines: list[Row], measure: str) -> list[tuple[object, ...]]:
    if len(set(header)) != len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise BadInput(f"two columns are called {twice!r}", file=file, place="line 1", expected="one column per sensor")
    return [
        (sensor, measure, cells[0], "", value, "", "", line)
        for line, cells in lines
        for sensor, value in zip(header[1:], cells[1:], strict=True)
    ]


def _xml_rows(file: Path) -> list[tuple[object, ...]]:
    """SUMO's edgeData (a count is what entered and what departed on the edge) and E1 output (nVehContrib).

    An edge that an interval of edgeData leaves out (excludeEmpty) was empty then: 0, no gap.
    """
    check_xml(file, roots=_XML_ROOTS)
    rows: list[tuple[object, ...]] = []
    spans: list[tuple[str, str, int]] = []
    told: dict[tuple[str, str], None] = {}
    for number, interval in enumerate(read_xml(file).iter("interval"), start=1):
        begin, end = interval.get("begin", ""), interval.get("end", "")
        try:
            period = f"{float(end) - float(begin):g}"
        except ValueError as error:
            place = f"<interval> number {number}"
            raise BadInput(f"it lasts from {begin!r} to {end!r}", file=file, place=place, expected="seconds") from error
        spans.append((begin, period, number))
        for edge in interval.iter("edge"):
            told[edge.get("id", ""), begin] = None
            passed = float(edge.get("entered") or 0) + float(edge.get("departed") or 0)
            rows.append((edge.get("id", ""), "vehicle_count", begin, period, f"{passed:g}", "", "", number))
            if (speed := edge.get("speed")) and passed:
                rows.append((edge.get("id", ""), "speed", begin, period, speed, "m/s", "", number))
        if (counted := interval.get("nVehContrib")) is not None:
            name = interval.get("id", "")
            rows.append((name, "vehicle_count", begin, period, counted, "", "", number))
            if (speed := interval.get("harmonicMeanSpeed") or interval.get("speed")) and float(speed) >= 0:
                rows.append((name, "speed", begin, period, speed, "m/s", "", number))
    for name in dict.fromkeys(one for one, _ in told):
        empty = [span for span in spans if (name, span[0]) not in told]
        rows += [(name, "vehicle_count", when, length, "0", "", "", number) for when, length, number in empty]
    return sorted(rows, key=lambda row: int(str(row[-1])))
