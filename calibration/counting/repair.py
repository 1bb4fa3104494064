"""What was found wrong with a sensor's readings and what was done about it: the trace of every reading."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from networks.sentence import Sentence

ACTIONS = ("repaired", "left_out", "noted")
"""The readings were changed; they (or the sensor) are not used; they are used as they are, and somebody should look."""

HEAD = ("sensor", "what", "action", "file", "line", "rows", "before", "after", "reason", "reason_zh")


@dataclass(frozen=True, slots=True)
class Repair:
    """One finding.

    Attributes:
        sensor: The sensor as its owner calls it; empty where a whole file is meant.
        what: Its kind, like "duplicate" or "per_hour".
        action: One of ACTIONS.
        file: File that it was found in.
        line: First line of it there; 0 where it is about no single line.
        rows: Rows that it is about.
        before: What the first of them said.
        after: What is used in its place; empty where nothing is.
        reason: Why, in words.
    """

    sensor: str
    what: str
    action: str
    file: str
    line: int
    rows: int
    before: str
    after: str
    reason: Sentence


def repair_table(repairs: Sequence[Repair]) -> str:
    """The trace as CSV, a row each, under HEAD."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for one in repairs:
        cells = (one.sensor, one.what, one.action, one.file, one.line, one.rows, one.before, one.after)
        writer.writerow([*cells, one.reason["en"], one.reason["zh"]])
    return out.getvalue()
