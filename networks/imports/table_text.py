"""Reads tables of text (CSV) as they come out of spreadsheets: comma, semicolon or tab, with or without a mark."""

from __future__ import annotations

import csv
from pathlib import Path

from networks.errors import BadInput

Row = tuple[int, list[str]]
_DELIMITERS = (",", ";", "\t")


def read_rows(file: Path) -> tuple[list[str], list[Row]]:
    """The header, and each other row with its line in the file; empty lines are passed over, cells are stripped.

    Raises:
        BadInput: It is missing, no UTF-8 text, without a header, or a row has more or fewer cells than the header.
    """
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            delimiter = max(_DELIMITERS, key=first.count)
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except OSError as error:
        raise BadInput(f"it cannot be read: {error.strerror}", file=file) from error
    except UnicodeDecodeError as error:
        raise BadInput("it is no text in UTF-8", file=file, remedy="save it as CSV, UTF-8") from error
    except csv.Error as error:
        raise BadInput(f"it is no CSV: {error}", file=file, remedy="save it as CSV, UTF-8") from error
    lines = [(line, cells) for line, cells in lines if any(cells)]
    if not lines:
        raise BadInput("it is empty", file=file, expected="a header and rows")
    header = lines[0][1]
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            raise BadInput(
                f"the row has {len(cells)} cells, the header {len(header)}",
                file=file,
                place=f"line {line}",
                remedy="mend that line; a comma within a name needs quotation marks around it",
            )
    return header, lines[1:]
