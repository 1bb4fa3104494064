"""Content addresses: the same content gives the same digest, on every machine and every day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


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
    total = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def digest_table(table: pd.DataFrame) -> str:
    """SHA-256 (hex) of a table's columns and cells in their order, whatever file format held it."""
    total = hashlib.sha256()
    for column in table.columns:
        series = table[column]
        total.update(f"{column}|".encode())
        if pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
            total.update(np.ascontiguousarray(series.to_numpy(dtype="float64", na_value=np.nan)).tobytes())
        else:
            total.update("\x1f".join("\x00" if pd.isna(v) else str(v) for v in series).encode())
    return total.hexdigest()
