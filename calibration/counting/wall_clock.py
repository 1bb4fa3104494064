"""When it was: times as files write them, brought to seconds on the simulation's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from calibration.counting.repair import Repair
from networks.errors import BadInput
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import pandas as pd

_FORMS = "ISO 8601 (2026-05-01T09:00:00+08:00, or without offset in the time zone that was named), HH:MM, or seconds"


def read_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name.

    Raises:
        BadInput: Nobody knows it.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            f"no time zone is {name!r}", expected="an IANA name, like Europe/Rome or Asia/Shanghai"
        ) from error


def on_clock(
    frame: pd.DataFrame, files: Sequence[str], begin: datetime | None, zone: ZoneInfo
) -> tuple[pd.DataFrame, list[Repair], datetime | None]:
    """The frame with `begin_s` (seconds since second 0 of the simulation) in place of `time`.

    Times without offset are read in `zone`. On the day that summer time ends, an hour comes twice: its second coming
    in a sensor's rows is the later one. A sensor that tells times in the hour that summer time leaves out was never
    put forward: all its times are read in standard time.

    Args:
        frame: As `read_readings` gives it.
        files: Names of the files.
        begin: Wall-clock time of second 0; None: the midnight before the earliest time, or 0 where files tell seconds.
        zone: Where the sensors are.

    Returns:
        The frame, what was repaired, and the wall-clock time of second 0 (None where nobody named a day).

    Raises:
        BadInput: A time is none; told with file and line.
    """
    import numpy as np
    import pandas as pd

    texts = frame["time"].unique()
    read = {text: _read(str(text)) for text in texts}
    if unread := [text for text, one in read.items() if one is None]:
        row = frame[frame["time"] == unread[0]].iloc[0]
        place = f"line {row['line']}"
        raise BadInput(f"the time is {unread[0]!r}", file=files[row["file"]], place=place, expected=_FORMS)
    frame = frame.assign(_at=pd.Series([read[text] for text in frame["time"]], dtype=object, index=frame.index))
    if begin is not None and begin.tzinfo is None:
        begin = begin.replace(tzinfo=zone)
    first = min(
        (m for m in read.values() if isinstance(m, datetime)), key=lambda m: m.replace(tzinfo=None), default=None
    )
    if begin is None and first is not None:
        local = first.astimezone(zone) if first.tzinfo else first
        begin = datetime.combine(local.date(), time(), zone)
    standard, repairs = _never_put_forward(frame, files, zone)
    again = frame.groupby(["sensor", "measure", "time"], sort=False).cumcount().to_numpy()
    zero = 0.0 if begin is None else begin.timestamp()
    seen: dict[tuple[object, bool, bool], float] = {}
    out = np.empty(len(frame))
    slow = frame["sensor"].isin(standard).to_numpy()
    for row, (moment, is_slow, times) in enumerate(zip(frame["_at"], slow, again, strict=True)):
        key = (moment, bool(is_slow), times > 0)
        if key not in seen:
            seen[key] = _seconds(moment, is_slow, times > 0, begin, zone, zero)
        out[row] = seen[key]
    folded = _second_comings(frame, files, again, zone, standard)
    said = pd.to_numeric(frame["said"].map(lambda text: _said(text, zone)), errors="coerce") - zero
    return frame.assign(begin_s=out, said_s=said).drop(columns=["_at", "time", "said"]), repairs + folded, begin


def _read(text: str) -> datetime | float | timedelta | None:
    """Seconds, a wall-clock time with or without offset, or a time of day."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
        return found if found.year >= 1970 else None
    except ValueError:
        pass
    try:
        day = time.fromisoformat(text)
    except ValueError:
        return timedelta(days=1) if text.strip() == "24:00" else None
    return timedelta(hours=day.hour, minutes=day.minute, seconds=day.second)


def _said(text: str, zone: ZoneInfo) -> float | None:
    moment = _read(text) if text else None
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    return moment if isinstance(moment, float) else None


def _seconds(
    moment: datetime | float | timedelta, standard: bool, second: bool, begin: datetime | None, zone: ZoneInfo,
    zero: float,
) -> float:  # fmt: skip
    if isinstance(moment, float):
        return moment
    if isinstance(moment, timedelta):
        if begin is None:
            return moment.total_seconds()
        moment = datetime.combine(begin.astimezone(zone).date(), time()) + moment
    if moment.tzinfo is not None:
        return moment.timestamp() - zero
    if standard:
        return (moment - _standard(moment, zone)).replace(tzinfo=UTC).timestamp() - zero
    return moment.replace(tzinfo=zone, fold=int(second)).timestamp() - zero


def _standard(moment: datetime, zone: ZoneInfo) -> timedelta:
    there = moment.replace(tzinfo=zone)
    return (there.utcoffset() or timedelta()) - (there.dst() or timedelta())


def left_out(moment: object, zone: ZoneInfo) -> bool:
    """Whether a time without offset falls into the hour that the clocks pass over."""
    if not isinstance(moment, datetime) or moment.tzinfo is not None:
        return False
    there = moment.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment


def _twice(moment: object, zone: ZoneInfo) -> bool:
    if not isinstance(moment, datetime) or moment.tzinfo is not None or left_out(moment, zone):
        return False
    there = moment.replace(tzinfo=zone)
    return there.utcoffset() != there.replace(fold=1).utcoffset()


def _never_put_forward(frame: pd.DataFrame, files: Sequence[str], zone: ZoneInfo) -> tuple[set[str], list[Repair]]:
    odd = {moment for moment in frame["_at"].unique() if left_out(moment, zone)}
    rows = frame[frame["_at"].isin(odd)] if odd else frame.iloc[:0]
    repairs = []
    for sensor, own in rows.groupby("sensor", sort=True):
        one = own.iloc[0]
        hours = _standard(one["_at"], zone)
        total = int((frame["sensor"] == sensor).sum())
        reason = say(
            f"it tells {one['time']}, an hour that summer time leaves out: its clock was never put forward, so all its "
            "times are standard time",
            f"它报告了 {one['time']}，而这一小时因夏令时并不存在：其时钟从未拨快，因此它的所有时间均按标准时间读取",
        )
        after = f"UTC{hours / timedelta(hours=1):+g} h"
        repairs.append(_told(str(sensor), "repaired", files, one, total, after, reason))
    return {one.sensor for one in repairs}, repairs


def _second_comings(
    frame: pd.DataFrame, files: Sequence[str], again: object, zone: ZoneInfo, standard: set[str]
) -> list[Repair]:
    double = {moment for moment in frame["_at"].unique() if _twice(moment, zone)}
    if not double:
        return []
    rows = frame.assign(again=again)[frame["_at"].isin(double) & ~frame["sensor"].isin(standard)]
    repairs = []
    for sensor, own in rows.groupby("sensor", sort=True):
        later = own[own["again"] > 0]
        one = own.iloc[0] if later.empty else later.iloc[0]
        if later.empty:
            reason = say(
                "the hour that comes twice when summer time ends is told once: read as the first, the second is a gap",
                "夏令时结束时重复的一小时只报告了一次：按第一次读取，第二次视为缺测",
            )
        else:
            reason = say(
                "the hour that comes twice when summer time ends: its second coming in the file is the later hour",
                "夏令时结束时该小时重复出现：文件中第二次出现的按后一小时读取",
            )
        action = "noted" if later.empty else "repaired"
        after = "first hour" if later.empty else "second hour"
        count = len(own) if later.empty else len(later)
        repairs.append(_told(str(sensor), action, files, one, count, after, reason))
    return repairs


def _told(
    sensor: str, action: str, files: Sequence[str], one: pd.Series, rows: int, after: str, reason: Sentence
) -> Repair:
    file, line = files[one["file"]], int(one["line"])
    return Repair(sensor, "summer_time", action, file, line, rows, str(one["time"]), after, reason)
