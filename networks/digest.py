"""Content addresses: the same content gives the same digest, on every machine and every day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa


def digest_json(value: Any) -> str:
    """SHA-256 (hex) of a JSON-like value, keys sorted; floats as Python prints them."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_arrays(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 (hex) of named arrays: names, types, shapes and bytes (C order)."""
    import numpy as np

    total = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def digest_table(table: pd.DataFrame) -> str:
    """SHA-256 (hex) of a table's columns and cells in their order, whatever file format held it."""
    import numpy as np
    import pandas as pd

    total = hashlib.sha256()
    for column in table.columns:
        series = table[column]
        total.update(f"{column}|".encode())
        if pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
            total.update(np.ascontiguousarray(series.to_numpy(dtype="float64", na_value=np.nan)).tobytes())
        else:
            total.update("\x1f".join("\x00" if pd.isna(v) else str(v) for v in series).encode())
    return total.hexdigest()


def digest_arrow(table: pa.Table) -> str:
    """The digest that `digest_table` gives for the same table as a data frame, without pandas."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    total = hashlib.sha256()
    for name in table.column_names:
        total.update(f"{name}|".encode())
        column = table[name].combine_chunks()
        if pa.types.is_string(column.type):
            total.update("\x1f".join(pc.fill_null(column, "\x00").to_pylist()).encode())
        else:
            numbers = pc.fill_null(pc.cast(column, pa.float64()), float("nan"))
            total.update(np.ascontiguousarray(numbers.to_numpy(zero_copy_only=False)).tobytes())
    return total.hexdigest()
