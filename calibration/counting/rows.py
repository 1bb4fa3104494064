"""Row by row: what is no number, comes twice, comes late or out of order, or says its unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from calibration.counting.repair import Repair
from calibration.counting.stated_units import COUNTED, PER_HOUR, SPEED_TO_MPS, TIME_TO_S
from networks.errors import BadInput
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import pandas as pd

Words = Callable[["pd.DataFrame"], tuple[str, str, Sentence]]
_MISSING = {"", "-", "na", "n/a", "nan", "null", "none", "missing", "-1", "-1.0"}
_LATE_S = 3600.0


def clean_rows(frame: pd.DataFrame, files: Sequence[str]) -> tuple[pd.DataFrame, list[Repair]]:
    """Results as numbers (NaN where a sensor had nothing to say), each period once and in order.

    Args:
        frame: With `begin_s` and `said_s`, results as text.
        files: Names of the files.

    Raises:
        BadInput: More than half of a file's results are no numbers, or a unit is unknown.
    """
    frame, unread = _numbers(frame, files)
    frame, periods = _periods(frame, files)
    frame, units = _units(frame, files)
    order = _order(frame, files)
    frame, twice = _once(frame, files)
    return frame, [*unread, *periods, *units, *order, *twice]


def by_sensor(
    rows: pd.DataFrame, files: Sequence[str], what: str, action: str, words: Words
) -> list[Repair]:  # fmt: skip
    """A repair for each sensor and file of some rows; `words` says before, after and why."""
    found = []
    for (sensor, file), own in rows.groupby(["sensor", "file"], sort=True):
        before, after, reason = words(own)
        line = int(own["line"].iloc[0])
        found.append(Repair(str(sensor), what, action, files[int(file)], line, len(own), before, after, reason))
    return found


def _numbers(frame: pd.DataFrame, files: Sequence[str]) -> tuple[pd.DataFrame, list[Repair]]:
    import pandas as pd

    text = frame["result"].str.strip()
    value = pd.to_numeric(text, errors="coerce").replace([np.inf, -np.inf], np.nan)
    silent = text.str.lower().isin(_MISSING)
    wrong = ~silent & (value.isna() | (value < 0))
    for number, share in wrong.groupby(frame["file"]).mean().items():
        if share > 0.5:
            one = frame[wrong & (frame["file"] == number)].iloc[0]
            raise BadInput(
                f"the value of {one['sensor']} is {one['result']!r}, and {100 * share:.0f} % of all values are none",
                file=files[int(str(number))], place=f"line {one['line']}",
                expected="numbers, 0 or more; empty for a gap",
            )  # fmt: skip
    why = say("it is no count: a number of 0 or more was expected", "不是计数：应为不小于 0 的数")
    repairs = by_sensor(
        frame[wrong], files, "no_number", "left_out", lambda own: (str(own["result"].iloc[0]), "gap", why)
    )
    return frame.assign(result=value.mask(silent | wrong)), repairs


def _periods(frame: pd.DataFrame, files: Sequence[str]) -> tuple[pd.DataFrame, list[Repair]]:
    """The length of each row's period: as it says, or the usual step between the sensor's rows."""
    import pandas as pd

    stated = pd.to_numeric(frame["period_s"], errors="coerce")
    unsaid = stated.isna() | ~(stated > 0)
    if not unsaid.any():
        return frame.assign(period_s=stated), []
    guessed: dict[tuple[str, str], float] = {}
    for key, own in frame[unsaid].groupby(["sensor", "measure"], sort=False):
        steps = np.diff(np.unique(own["begin_s"].to_numpy()))
        guessed[key] = float(np.median(steps)) if len(steps) else np.nan
    usual = float(np.nanmedian(list(guessed.values()))) if any(v == v for v in guessed.values()) else 300.0
    keys = zip(frame["sensor"], frame["measure"], strict=True)
    period = stated.where(~unsaid, [guessed.get(key, usual) for key in keys]).fillna(usual)
    first = frame[unsaid].iloc[0]
    reason = say(
        f"no length of the period is stated: the step between rows is taken, {usual:g} s",
        f"未说明统计时段长度：按行间隔取 {usual:g} 秒",
    )
    told = Repair(
        "", "period", "noted", files[first["file"]], int(first["line"]), int(unsaid.sum()), "", f"{usual:g} s", reason
    )
    return frame.assign(period_s=period), [told]


def _units(frame: pd.DataFrame, files: Sequence[str]) -> tuple[pd.DataFrame, list[Repair]]:
    """Units that a row states: vehicles per hour to vehicles, speeds to m/s, times to s."""
    unit = frame["unit"].str.strip().str.lower()
    count, speed = frame["measure"].str.endswith("_count"), frame["measure"] == "speed"
    hourly = count & unit.isin(PER_HOUR)
    known = (unit == "") | hourly | (count & unit.isin(COUNTED))
    taken = frame["measure"] == "travel_time"
    known |= (speed & unit.isin(list(SPEED_TO_MPS))) | (taken & unit.isin(list(TIME_TO_S))) | ~(count | speed | taken)
    if not known.all():
        one = frame[~known].iloc[0]
        raise BadInput(
            f"the unit of {one['measure']} is {one['unit']!r}", file=files[one["file"]], place=f"line {one['line']}",
            expected=", ".join(("veh", "veh/h", *SPEED_TO_MPS, *TIME_TO_S)),
        )  # fmt: skip
    factor = np.where(hourly, frame["period_s"] / 3600.0, 1.0)
    factor = np.where(speed, unit.map(SPEED_TO_MPS).fillna(1.0), factor)
    factor = np.where(taken, unit.map(TIME_TO_S).fillna(1.0), factor)
    changed = frame[factor != 1.0].assign(factor=factor[factor != 1.0])
    reason = say("the row states its unit", "该行注明了单位")
    repairs = by_sensor(
        changed, files, "unit", "repaired",
        lambda own: (
            f"{own['result'].iloc[0]:g} {own['unit'].iloc[0]}",
            f"{own['result'].iloc[0] * own['factor'].iloc[0]:g}", reason,
        ),
    )  # fmt: skip
    return frame.assign(result=frame["result"] * factor).drop(columns="unit"), repairs


def _order(frame: pd.DataFrame, files: Sequence[str]) -> list[Repair]:
    """Rows that stand before an earlier one's, and rows that were said long after their period."""
    newest = frame.groupby(["sensor", "measure", "file"], sort=False)["begin_s"].cummax()
    behind = frame[frame["begin_s"] < newest]
    late = frame[frame["said_s"] - frame["begin_s"] - frame["period_s"] > _LATE_S]
    sorted_ = say(
        "rows stand out of order in the file: they are put in order of time", "文件中的行次序颠倒：已按时间排序"
    )
    came = say("it was said more than an hour after its period ended", "在时段结束一小时之后才报告")
    return [
        *by_sensor(behind, files, "out_of_order", "repaired", lambda own: (_at(own), "in order", sorted_)),
        *by_sensor(late, files, "late", "noted", lambda own: (_at(own), "used", came)),
    ]


def _once(frame: pd.DataFrame, files: Sequence[str]) -> tuple[pd.DataFrame, list[Repair]]:
    """Each sensor, measure and period once: of several the one said last, then the one that stands last."""
    key = ["sensor", "measure", "begin_s"]
    frame = frame.assign(said_s=frame["said_s"].fillna(-np.inf))
    frame = frame.sort_values([*key, "said_s", "file", "line"], kind="stable")
    dropped = frame.duplicated(key, keep="last")
    kept = frame[~dropped]
    if not dropped.any():
        return kept.drop(columns="said_s"), []
    rows = frame[dropped].merge(kept[[*key, "result"]], on=key, suffixes=("", "_kept"))

    def words(own: pd.DataFrame) -> tuple[str, str, Sentence]:
        other = own[own["result"].ne(own["result_kept"]) & ~(own["result"].isna() & own["result_kept"].isna())]
        one = own.iloc[0] if other.empty else other.iloc[0]
        reason = say(
            f"the same period comes more than once ({len(other)} times with another value): what was said last counts",
            f"同一时段重复出现（其中 {len(other)} 次数值不同）：以最后报告的为准",
        )
        return f"{one['result']:g}", f"{one['result_kept']:g}", reason

    return kept.drop(columns="said_s"), by_sensor(rows, files, "duplicate", "repaired", words)


def _at(own: pd.DataFrame) -> str:
    return f"second {own['begin_s'].iloc[0]:.0f}"
