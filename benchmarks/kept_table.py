"""The table that a benchmark writes for `twin validation` (`--table docs/validation`), with the command as asked."""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist, fmean

from models.sumo import SumoCase
from networks.sentence import Sentence
from twin.validation import KNOWN, Row, record_of, write_record

PLACES = ("--folder", "--rows", "--peer", "--home", "--table")
"""Options that name a place of this machine: no table tells it."""
_Z = NormalDist().inv_cdf(0.95)


def table_option(parser: argparse.ArgumentParser) -> None:
    """Give a benchmark its `--table FOLDER`."""
    parser.add_argument("--table", type=Path, help="folder for the table of twin validation")


def keep_table(
    folder: Path | None, name: str, rows: Sequence[Row], *, fixed: Sentence, data: Sequence[Path] = (),
    left_out: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write FOLDER/NAME.json where a folder was asked for, and say so.

    Args:
        folder: `--table`; None: nothing is written.
        name: Of the validation, as in `KNOWN`.
        rows: What was found.
        fixed: What was fixed beforehand.
        data: Files and folders that were read.
        left_out: What was not run, and why.
    """
    if folder is not None:
        record = record_of(name, asked(name, sys.argv[1:]), rows, fixed=fixed, data=data, left_out=left_out)
        print(f"wrote {write_record(folder, record)}")


def files_of(*cases: SumoCase) -> list[Path]:
    """What SUMO cases read, for a table to name: networks, routes and what they add."""
    return [file for case in cases for file in (case.net, *case.routes, *case.additionals)]


def asked(name: str, words: Sequence[str]) -> str:
    """The command that writes this table: the words it was asked with, without the places of a machine.

    `--sum` is no word of it: what it adds up was made by the others.
    """
    (module,) = (known.command.split()[2] for known in KNOWN if known.name == name)
    told = ["python", "-m", module]
    for at, word in enumerate(words):
        option = word.partition("=")[0]
        if option == "--sum" or option in PLACES or (at and words[at - 1] in PLACES):
            continue
        told.append(Path(word).name if word.startswith(("/", "..")) else word)
    return shlex.join([*told, "--table", "docs/validation"])


def row_of_draws(
    case: str, kind: str, measure: str, values: Sequence[float], gate: float | None = None, sense: str = "most"
) -> Row:
    """The mean of draws that are worth the same, between the least and the most of them."""
    low, high, interval = (
        (min(values), max(values), "least and most of the draws") if len(values) > 1 else (None, None, "")
    )
    return Row(case, kind, measure, fmean(values), gate, sense, low, high, interval, len(values))


def row_of_share(
    case: str, kind: str, measure: str, hits: int, of: int, gate: float | None = None, sense: str = "least"
) -> Row:
    """A share of counted things with its 90 % interval (Wilson, 1927); NaN where there is none to count."""
    if not of:
        return Row(case, kind, measure, math.nan, gate, sense, n=0)
    share, z2 = hits / of, _Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return Row(case, kind, measure, share, gate, sense, low, high, "90 % (Wilson)", of)
