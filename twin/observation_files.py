"""Observations from any file that the twin writes or hears: CSV, Parquet, and JSON lines off the wire."""

from __future__ import annotations

import json
from pathlib import Path

from calibration.observation import ObservationTable
from calibration.observation_file import KEEP_S, read_observations
from networks.errors import BadInput
from networks.text_file import read_text
from twin.feeds import from_wire
from twin.live.recording import from_row

LINES = (".jsonl", ".ndjson")


def read_any(file: Path) -> ObservationTable:
    """All observations of a file, by its name's end: JSON lines (messages as on the wire, or rows of a recording),
    Parquet, else CSV.

    Raises:
        BadInput: It cannot be read, or a line is none. Told with the line.
    """
    if file.suffix not in LINES:
        return read_observations(file)
    table = ObservationTable(keep_s=KEEP_S)
    for line, text in enumerate(
        read_text(file, expected="observations, one JSON message a line").splitlines(), start=1
    ):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
            table.add(from_wire(text.encode()) if isinstance(row, dict) and "Datastream" in row else from_row(row))
        except BadInput as error:
            what = f"{error.what} ({error.place})" if error.place else error.what
            raise BadInput(what, file=file, place=f"line {line}", expected=error.expected) from error
        except (ValueError, TypeError, KeyError) as error:
            expected = "a SensorThings observation, or a row of a recording"
            raise BadInput(
                f"it is no observation: {error}", file=file, place=f"line {line}", expected=expected
            ) from error
    return table
