"""Files of a ledger: forecasts as they were issued, and what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calibration.skill.forecast import Forecast
from networks import BadInput, landing_file

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("issued", "settled")


def files(folder: Path, kind: str) -> list[Path]:
    """Whole files of a kind, in the order in which they were written."""
    return sorted(path for path in (folder / kind).glob("*.parquet") if not path.name.startswith("."))


def newest(
    folder: Path, kind: str, moments: Callable[[pd.DataFrame], pd.Series[float]], within_s: float
) -> list[pd.DataFrame]:
    """Tables of a kind, oldest first: back to the first whose moments all lie longer than that before the last of all.

    Raises:
        BadInput: A file is no part of a ledger.
    """
    found: list[pd.DataFrame] = []
    last_s = -np.inf
    for path in reversed(files(folder, kind)):
        table = read(path)
        at_s = float(moments(table).max())
        if at_s < last_s - within_s:
            break
        found.append(table)
        last_s = max(last_s, at_s)
    return found[::-1]


def append(folder: Path, kind: str, table: pd.DataFrame) -> None:
    """Add a table as the next file; it is there whole when this returns, or not at all.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    before = files(folder, kind)
    number = int(before[-1].name[:8]) + 1 if before else 1
    with landing_file(folder / kind / f"{number:08d}-{uuid.uuid4().hex[:6]}.parquet") as beside:
        table.to_parquet(beside, compression="zstd", index=False, **_packed(table))


def kept(members: NDArray[np.float64]) -> NDArray[np.float64]:
    """Members as files keep them: to 1 in 2,000, which is half the room."""
    bits = members.astype(np.float32).view(np.uint32)
    rounded = np.where(np.isnan(members), bits, (bits + np.uint32(0x1000)) & np.uint32(0xFFFFE000))
    return rounded.astype(np.uint32).view(np.float32).astype(np.float64)


def _packed(table: pd.DataFrame) -> dict[str, Any]:
    """Numbers are kept byte by byte (first all first bytes, then all second ones), names as a dictionary."""
    numbers = [name for name, kind in table.dtypes.items() if kind.kind == "f"]
    numbers += ["members.list.element"] if "members" in table else []
    others = [name for name in table if name not in (*numbers, "members", "by")] + ["by.list.element", "by"]
    return {"use_byte_stream_split": numbers, "use_dictionary": others}


def read(path: Path) -> pd.DataFrame:
    """A file of a ledger.

    Raises:
        BadInput: It is none.
    """
    import pandas as pd
    import pyarrow

    try:
        return pd.read_parquet(path)
    except (OSError, pyarrow.ArrowInvalid) as error:
        raise BadInput(
            f"no part of a ledger of forecasts: {error}", file=path, expected="Parquet", remedy="move the file away"
        ) from error


def issued_table(forecast: Forecast, by: NDArray[np.str_]) -> pd.DataFrame:
    """One row per place: who said what (members one after the other, each with all periods) and who stood behind it."""
    import pandas as pd

    size, places, periods = forecast.members.shape
    said = np.moveaxis(forecast.members, 1, 0).reshape(places, size * periods).astype(np.float32)
    return pd.DataFrame(
        {
            "source": forecast.source,
            "quantity": forecast.quantity,
            "place": list(forecast.places),
            "made_s": forecast.made_s,
            "begin_s": forecast.begin_s,
            "period_s": forecast.period_s,
            "periods": periods,
            "members": list(said),
            "by": [list(row) for row in by],
        }
    )


def issued_in(table: pd.DataFrame) -> Iterator[tuple[Forecast, NDArray[np.str_]]]:
    """Forecasts of a table that `issued_table` made, each with who stood behind it (N, H)."""
    keys = ["source", "quantity", "made_s", "begin_s", "period_s", "periods"]
    for (source, quantity, made_s, begin_s, period_s, periods), rows in table.groupby(keys, sort=False, observed=True):
        said = np.stack(rows["members"].to_list()).astype(np.float64).reshape(len(rows), -1, int(periods))
        members = np.moveaxis(said, 0, 1)
        forecast = Forecast(source, quantity, tuple(rows["place"]), made_s, begin_s, period_s, members)
        yield forecast, np.array([list(row) for row in rows["by"]], dtype=np.str_)
