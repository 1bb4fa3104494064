"""What green waves gained where they were measured: a declared share, or a benchmark's rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.routing import Floats
from networks import Sentence, say
from networks.errors import BadInput
from networks.imports.table_text import read_rows

COLUMNS = ("blue_s", "wave_s")
LEAST_SIGNALS = 3
"""The benchmark measures ways over so many signals or more; shorter ones gain nothing."""


@dataclass(frozen=True)
class WaveGain:
    """A gain.

    Attributes:
        saved: (calls,) share of the travel time with blue light alone that each measured call saved.
        told: Where it comes from.
    """

    saved: Floats
    told: Sentence


def read_wave_gain(text: str) -> WaveGain:
    """A share such as 0.17, or CSV with the columns blue_s and wave_s (others are not read), a row a measured call.

    Rows in which a drive did not come (an empty cell, or nan) are left out and counted.

    Raises:
        BadInput: It is neither, or holds not one call.
    """
    try:
        share = float(text)
    except ValueError:
        file = Path(text)
        return _told(file, _table(file))
    if not -1.0 < share < 1.0:
        raise BadInput(f"a gain of {text}", place="--greenwave-gain", expected="a share above -1 and below 1")
    note = say(
        f"green wave: {100 * share:g} % less time over {LEAST_SIGNALS} signals or more, declared without scatter",
        f"绿波：经过{LEAST_SIGNALS}个及以上信号时行程时间减少{100 * share:g}%，为给定值，未计离散",
    )
    return WaveGain(np.array([share]), note)


def _table(file: Path) -> list[float]:
    header, rows = read_rows(file)
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise BadInput(
            f"columns are missing: {', '.join(missing)}", file=file, place="line 1", expected="blue_s,wave_s"
        )
    saved = list[float]()
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        try:
            blue_s, wave_s = (float(row[name] or "nan") for name in COLUMNS)
        except ValueError as error:
            what = f"{row['blue_s']!r}, {row['wave_s']!r}"
            raise BadInput(what, file=file, place=f"line {line}", expected="seconds") from error
        saved.append(1.0 - wave_s / blue_s if blue_s > 0.0 and wave_s > 0.0 else np.nan)
    return saved


def _told(file: Path, every: list[float]) -> WaveGain:
    saved = [share for share in every if np.isfinite(share)]
    lost = len(every) - len(saved)
    if not saved:
        raise BadInput("not one call in it has both times", file=file, expected="calls with both drives")
    low, middle, high = np.quantile(saved, (0.1, 0.5, 0.9)) * 100
    note = say(
        f"green wave: gain drawn for each call from {len(saved)} measured ones ({file.name}: median {middle:.0f} %, "
        f"80 % from {low:.0f} to {high:.0f} %; {lost} left out), over {LEAST_SIGNALS} signals or more",
        f"绿波：每起呼叫的收益取自{len(saved)}次实测（{file.name}：中位数{middle:.0f}%，"
        f"80%在{low:.0f}%至{high:.0f}%之间；剔除{lost}次），仅限经过{LEAST_SIGNALS}个及以上信号的路线",
    )
    return WaveGain(np.array(saved), note)
