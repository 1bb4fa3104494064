"""A case with fitted parameters as files that `sumo -c` takes, and its parameters as a table."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from calibration.parameters.fitting import FittedParameters
from models.sumo import SumoCase

CONFIGURATION = "run.sumocfg"
COLUMNS = ("group", "parameter", "about", "unit", "before", "found", "low_90", "high_90", "informed", "trades_with",
           "kept", "lower_bound", "upper_bound", "bounds_guessed", "source")  # fmt: skip


def write_fitted(found: FittedParameters, folder: Path) -> Path:
    """Write the additional files of what is kept and a configuration that runs them; gives the configuration.

    Args:
        found: Fitted with this folder, where the copies without vehicle types are.
        folder: May be moved afterwards as a whole.
    """
    return write_case(found.experiment.case, found.write(folder), folder)


def write_case(case: SumoCase, additionals: Sequence[Path], folder: Path) -> Path:
    """A configuration in `folder`; files in that folder by their names, others by their whole paths."""
    root = ElementTree.Element("configuration")
    said = {"net-file": (case.net,), "route-files": case.routes, "additional-files": tuple(additionals)}
    for name, files in said.items():
        if files:
            ElementTree.SubElement(root, name, {"value": ",".join(_named(one, folder) for one in files)})
    times = {"begin": case.begin_s, "end": case.end_s, "step-length": case.step_s}
    for name, seconds in times.items():
        if seconds is not None:
            ElementTree.SubElement(root, name, {"value": f"{seconds:g}"})
    for name, value in case.options.items():
        ElementTree.SubElement(root, name, {"value": value})
    ElementTree.indent(root)
    file = folder / CONFIGURATION
    file.write_text(ElementTree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
    return file


def parameter_table(found: FittedParameters) -> str:
    """All parameters as CSV."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for one in found.found:
        kind = one.parameter.kind
        kept = one.value if found.judgement.kept else one.parameter.start
        numbers = (f"{value:.6g}" for value in (one.parameter.start, one.value, one.low, one.high))
        table.writerow(
            (one.parameter.group, kind.name, kind.about, kind.unit, *numbers, one.informed, " ".join(one.trades),
             f"{kept:.6g}", f"{one.parameter.low:g}", f"{one.parameter.high:g}", kind.guessed, kind.source["en"])
        )  # fmt: skip
    return out.getvalue()


def _named(file: Path, folder: Path) -> str:
    inside = os.path.realpath(file.parent) == os.path.realpath(folder)
    return file.name if inside else str(file.absolute())
