"""Text files and tables that people write."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from networks.errors import BadInput, why_unread


def read_text(
    file: Path | str, *, expected: str | None = None, remedy: str | None = None, error: type[BadInput] = BadInput
) -> str:
    """What a file in UTF-8 holds, without a byte order mark.

    Args:
        file: Where.
        expected: What should be there; the message tells it.
        remedy: What to do; the message tells it.
        error: The error to raise.

    Raises:
        BadInput: It cannot be read; says why.
    """
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as why:
        raise error(f"it cannot be read: {why_unread(why)}", file=file, expected=expected, remedy=remedy) from why


def read_rows(file: Path | str, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV table with their lines, the header in line 1; more columns than asked for do no harm.

    Raises:
        BadInput: It cannot be read, or lacks a column.
    """
    expected = f"CSV: {','.join(columns)}"
    rows = csv.DictReader(StringIO(read_text(file, expected=expected)))
    missing = set(columns) - set(rows.fieldnames or ())
    if missing:
        what = f"columns are missing: {', '.join(sorted(missing))}"
        raise BadInput(what, file=file, place="line 1", expected=expected)
    return [(rows.line_num, {key: value or "" for key, value in row.items() if key}) for row in rows]
