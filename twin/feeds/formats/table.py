"""Tables that people drop: CSV and Parquet, whose columns the feed's options name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from calibration import MEASURES, QUALITIES, Observation
from calibration.counting import factor_of
from networks.errors import BadInput
from twin.feeds import format
from twin.feeds.formats.checks import Findings, from_epoch, moment, number, text, zone_named
from twin.feeds.formats.json_in import shown
from twin.feeds.formats.ranges import observed
from twin.feeds.message import Message, Understood
from twin.feeds.unpacking import unpacked

LONGEST_BYTES, MOST_ROWS, MOST_COLUMNS = 64 << 20, 200_000, 1000
_DELIMITERS = (",", ";", "\t")
_SILENT = {"", "-", "na", "n/a", "nan", "null", "none", "missing"}
_EPOCH = "epoch"
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?")
Cells = Mapping[str, Any]


class Columns(BaseModel):
    """Which column is what. The usual names are those of files that `twin` writes.

    Attributes:
        sensor: Who said it.
        time: When its period began.
        value: What was said.
        measure: What it is about; used where it is there.
        period: Length of the period (s); used where it is there.
        unit: Of the value; used where it is there.
        zone: Time zone of each row's time; used where it is there.
        said: When it was said; used where it is there.
        quality: good, suspect or missing; used where it is there.
        sensors: Columns that each hold one sensor's values, in place of `sensor` and `value`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sensor: str = "sensor_id"
    time: str = "begin"
    value: str = "result"
    measure: str = "measure"
    period: str = "period_s"
    unit: str = "unit"
    zone: str = "zone"
    said: str = "result_time"
    quality: str = "quality"
    sensors: tuple[str, ...] = ()


class TableOptions(format.Options):
    """Options of tables.

    Attributes:
        columns: Which column is what.
        sensor: Who said it, where no column does.
        measure: What it is about, where no column says it.
        unit: Of the values, where no column says it; "" is the measure's own. Per hour, km/h, % and the like are known.
        period_s: Length of the period (s), where no column says it; 0: a moment.
        zone: Time zone of times that say none (Asia/Shanghai).
        time_format: How times are written, as strptime has it, or `epoch` for seconds since 1970; else ISO 8601.
    """

    columns: Columns = Columns()
    sensor: str | None = None
    measure: str = "vehicle_count"
    unit: str = ""
    period_s: Annotated[float, Field(ge=0.0, le=86400.0)] | None = None
    zone: str | None = None
    time_format: str | None = None

    @field_validator("measure")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in MEASURES:
            raise ValueError(f"unknown measure {value!r}; expected one of {', '.join(MEASURES)}")
        return value

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        zone_named(value)
        return value


class TableFile:
    """A row an observation (or a column a sensor), each row by itself: a wrong one is a fault with its line.

    CSV in UTF-8 with a header, parted by commas, semicolons or tabs; Parquet; both perhaps gzipped. Columns that no
    option names are counted as left out.
    """

    Options = TableOptions

    def __init__(self, options: TableOptions) -> None:
        self.options = options

    def understand(self, message: Message) -> Understood:
        """Observations of a table.

        Raises:
            BadInput: It is no table, lacks a column, or no row of it can be used.
        """
        payload, found = unpacked(message.payload, LONGEST_BYTES), Findings()
        header, rows = _parquet(payload) if payload.startswith(b"PAR1") else _csv(payload, found)
        if len(header) > MOST_COLUMNS or len(set(header)) != len(header):
            raise BadInput("columns come twice, or too many", place="header", expected=f"at most {MOST_COLUMNS}, once")
        named = self._named(header)
        count = 0
        for line, cells in islice(rows, MOST_ROWS + 1):
            if (count := count + 1) > MOST_ROWS:
                raise BadInput(f"it has more than {MOST_ROWS} rows", expected="a table in several files")
            for sensor, value in self._values(cells):
                with found.part(f"line {line}"):
                    found.records.append(self._observation(cells, sensor, value, message.received))
        found.left_out.update({f"column {shown(name)}": count for name in header if name not in named and count})
        if not count and not found.faults:
            raise BadInput("it holds no row", expected="a header and rows")
        return found.understood()

    def _named(self, header: list[str]) -> set[str]:
        """The columns that are used; raises BadInput where one is missing."""
        columns, own = self.options.columns, self.options.columns.model_dump()
        needed = {columns.time, *(columns.sensors or ({columns.value} | ({columns.sensor} - self._fixed())))}
        needed |= {own[name] for name in columns.model_fields_set if name != "sensors"}
        if missing := sorted(needed - set(header)):
            told = ", ".join(shown(name) for name in header[:8])
            raise BadInput(
                f"there is no column {missing[0]!r}, but {told}", place="header", expected=", ".join(missing)
            )
        unused = {columns.sensor, columns.value} if columns.sensors else set()
        return ({value for value in own.values() if isinstance(value, str)} - unused) | set(columns.sensors)

    def _fixed(self) -> set[str]:
        explicit = "sensor" in self.options.columns.model_fields_set
        return {self.options.columns.sensor} if self.options.sensor is not None and not explicit else set()

    def _values(self, cells: Cells) -> Iterator[tuple[Any, Any]]:
        columns = self.options.columns
        if columns.sensors:
            yield from ((name, cells[name]) for name in columns.sensors)
        else:
            yield cells.get(columns.sensor, self.options.sensor), cells[columns.value]

    def _observation(self, cells: Cells, sensor: Any, value: Any, received: datetime) -> Observation:
        columns, options = self.options.columns, self.options
        measure = str(cells.get(columns.measure) or options.measure)
        if measure not in MEASURES:
            raise BadInput(f"no measure is {shown(measure)!r}", place=columns.measure, expected=", ".join(MEASURES))
        begin = self._time(cells, columns.time, received)
        said = self._time(cells, columns.said, received) if cells.get(columns.said) else received
        period_s = self._period_s(cells)
        result = None
        if str(value if value is not None else "").strip().lower() not in _SILENT:
            factor = factor_of(measure, str(cells.get(columns.unit) or options.unit), period_s)
            result = observed(measure, _number(value, columns.value) * factor, columns.value)
        quality = str(cells.get(columns.quality) or "good")
        if quality not in QUALITIES:
            raise BadInput(f"no quality is {shown(quality)!r}", place=columns.quality, expected=", ".join(QUALITIES))
        quality = "missing" if result is None else quality
        sensor = text(sensor, columns.sensor)
        if "\x00" in sensor:
            raise BadInput("the sensor's name has U+0000", place=columns.sensor)
        return Observation(sensor, measure, begin, period_s, result, quality, said)

    def _period_s(self, cells: Cells) -> float:
        told = cells.get(self.options.columns.period)
        if told is not None and str(told).strip():
            name = self.options.columns.period
            return number(_number(told, name), name, 0.0, 86400.0, "s")
        if self.options.period_s is None:
            name = self.options.columns.period
            raise BadInput("nothing tells how long a period is", place=name, expected=f"{name}, or the option period_s")
        return self.options.period_s

    def _time(self, cells: Cells, name: str, received: datetime) -> datetime:
        told, zone = cells[name], None
        try:
            zone = zone_named(str(cells.get(self.options.columns.zone) or "") or self.options.zone)
        except ValueError as error:
            raise BadInput(shown(str(error), 200), place=self.options.columns.zone) from error
        written = self.options.time_format
        if isinstance(told, datetime):
            told = told.isoformat()
        elif written == _EPOCH:
            return from_epoch(_number(told, name), name, received)
        elif written is not None:
            told = _by_format(str(told), written, name)
        return moment(str(told).strip(), name, received, zone)


def _number(value: Any, place: str) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise BadInput(f"{shown(value)!r} is no number", place=place, expected="a number")


def _by_format(told: str, written: str, name: str) -> str:
    try:
        return datetime.strptime(told.strip()[:100], written).isoformat()
    except (ValueError, re.error) as error:
        raise BadInput(f"{shown(told)!r} is no time", place=name, expected=written) from error


def _csv(payload: bytes, found: Findings) -> tuple[list[str], Iterator[tuple[int, Cells]]]:
    try:
        content = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"it is not UTF-8 (byte {error.start})", place="payload", expected="CSV in UTF-8") from error
    if "\x00" in content or "\\u0000" in content:
        raise BadInput("it has U+0000", place="payload", expected="CSV in UTF-8, or Parquet")
    first = content[:10_000].partition("\n")[0]
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise BadInput(f"it is no CSV: {error}", place="line 1", expected="a header and rows") from error
    if not any(header):
        raise BadInput("it is empty", place="line 1", expected="a header and rows")
    return header, _csv_rows(reader, header, found)


def _csv_rows(reader: Any, header: list[str], found: Findings) -> Iterator[tuple[int, Cells]]:
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            what = f"it is no CSV from here on: {error}"
            found.fault(BadInput(what, place=f"line {reader.line_num}", expected="rows; no later one was read"))
            return
        if cells is None:
            return
        if len(cells) == len(header):
            yield reader.line_num, dict(zip(header, cells, strict=True))
        elif any(cell.strip() for cell in cells):
            what = f"the row has {len(cells)} cells"
            found.fault(BadInput(what, place=f"line {reader.line_num}", expected=f"{len(header)}, as the header has"))


def _parquet(payload: bytes) -> tuple[list[str], Iterator[tuple[int, Cells]]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(
            pa.BufferReader(payload), thrift_string_size_limit=1 << 20, thrift_container_size_limit=1 << 20
        )
        told = file.metadata
        unpacked_bytes = sum(told.row_group(n).total_byte_size for n in range(min(told.num_row_groups, 10_000)))
        if told.num_rows > MOST_ROWS or unpacked_bytes > LONGEST_BYTES:
            what = f"it has {told.num_rows} rows of {unpacked_bytes} bytes"
            raise BadInput(what, expected=f"at most {MOST_ROWS} and {LONGEST_BYTES}")
        table = file.read(use_threads=False)
        rows = table.to_pylist()
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError, RecursionError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"it is no Parquet: {shown(str(error), 120)}", place="payload", expected="a table") from error
    return [str(name) for name in table.column_names], enumerate(rows, 1)
