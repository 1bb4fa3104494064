"""Which outputs SUMO is asked for, and the tables that they become: our columns, SI units, one row per thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.sumo.additionals import redirect
from models.sumo.case import SumoCase
from models.sumo.trip_rows import TRIPS_XML, people_travel
from networks.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("trips", "edges", "lanes", "detectors")
SUMMARY, STATISTICS = "summary.csv", "statistics.xml"
SUMMARY_S = 60.0
"""Interval at which SUMO tells how many vehicles there are."""
SSM_MEASURES, SSM_THRESHOLDS = "TTC DRAC PET", "3.0 3.0 2.0"
"""Conflicts from: time to collision < 3 s, deceleration to avoid a crash > 3 m/s2, post-encroachment time < 2 s
(SUMO's defaults, documented under Simulation/Output/SSM_Device)."""
_EDGES = "edges.sumo.parquet"
_LANES = "lanes.sumo.parquet"
_EMISSIONS = "emissions.sumo.parquet"
_TRIPS = "trips.sumo.parquet"
_SSM = "ssm.sumo.parquet"
_DETECTORS = {kind: f"{kind}.sumo.parquet" for kind in ("e1", "e2", "e3")}
_WRITTEN = "speed density occupancy timeLoss waitingTime traveltime entered left departed arrived sampledSeconds"


@dataclass(frozen=True)
class AskedFor:
    """What SUMO is to be called with for its outputs."""

    additionals: tuple[Path, ...]
    options: dict[str, str]


def ask(
    case: SumoCase,
    folder: Path,
    *,
    tables: Sequence[str] = ("trips",),
    interval_s: float = 60.0,
    meso: bool = False,
    emissions: bool = False,
    ssm: bool = False,
) -> AskedFor:
    """Write the additional files of a run in `folder` and give the options for its outputs.

    Args:
        case: The case; what its files would write themselves is not written.
        folder: The run's.
        tables: Of `TABLES`.
        interval_s: Length of the intervals of edges, lanes and detectors.
        meso: The run is mesoscopic: it has lanes in name only, and no conflicts.
        emissions: Also `emissions`, and their sums in `trips`.
        ssm: Also `conflicts`.

    Raises:
        BadInput: An unknown table, conflicts of a mesoscopic run, or detectors of a case that has none.
    """
    check_asked(tables, meso=meso, ssm=ssm)
    wanted = _DETECTORS if "detectors" in tables else {}
    redirected = redirect(case.additionals, folder, wanted, interval_s)
    if wanted and not redirected.detectors:
        raise BadInput(
            "a table of detectors is asked for, and the case has none",
            file=case.file,
            place="<additional-files>",
            expected="e1Detector, e2Detector or e3Detector in an additional file",
            remedy="leave detectors out of --tables, or add their file",
        )
    files = [*redirected.files]
    lines = [_mean_data("edgeData", _EDGES, interval_s)] if "edges" in tables else []
    lines += [_mean_data("laneData", _LANES, interval_s)] if "lanes" in tables else []
    lines += [_mean_data("edgeData", _EMISSIONS, interval_s, emissions=True)] if emissions else []
    if lines:
        files.append(folder / "asked.add.xml")
        files[-1].write_text("<additional>\n" + "".join(lines) + "</additional>\n", encoding="utf-8")
    options = _options(tables, max(SUMMARY_S, case.step_s), emissions=emissions, ssm=ssm)
    if "trips" in tables and people_travel((*case.routes, *case.additionals)):
        options["tripinfo-output"] = TRIPS_XML
    return AskedFor(tuple(files), options)


def _options(tables: Sequence[str], period_s: float, *, emissions: bool, ssm: bool) -> dict[str, str]:
    options = {
        "summary-output": SUMMARY, "summary-output.period": f"{period_s:g}", "statistic-output": STATISTICS,
        "no-step-log": "true", "verbose": "false", "duration-log.disable": "true", "aggregate-warnings": "3",
        "no-warnings": "false", "xml-validation": "never", "xml-validation.net": "never",
    }  # fmt: skip
    if "trips" in tables:
        options["tripinfo-output"] = _TRIPS
        options |= {f"tripinfo-output.write-{which}": "true" for which in ("unfinished", "undeparted")}
    if emissions:
        options["device.emissions.probability"] = "1"
    if ssm:
        options |= {"device.ssm.probability": "1", "device.ssm.file": _SSM}
        options |= {"device.ssm.measures": SSM_MEASURES, "device.ssm.thresholds": SSM_THRESHOLDS}
    return options


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a run that is over, as data frames; see `arrow_tables`."""
    from models.sumo.arrow import arrow_tables

    return {name: table.to_pandas() for name, table in arrow_tables(folder).items()}


def check_asked(tables: Sequence[str], *, meso: bool, ssm: bool) -> None:
    """Whether these tables can be had.

    Raises:
        BadInput: An unknown table, or conflicts of a mesoscopic run.
    """
    for name in tables:
        if name not in TABLES:
            raise BadInput(f"there is no table {name!r}", place="--tables", expected=", ".join(TABLES))
    if meso and ssm:
        raise BadInput(
            "a mesoscopic run has no conflicts between vehicles", place="--ssm", remedy="leave out --ssm or --meso"
        )


def _mean_data(tag: str, file: str, interval_s: float, *, emissions: bool = False) -> str:
    what = 'type="emissions"' if emissions else f'writeAttributes="{_WRITTEN}"'
    own = f"citytwin-{file.split('.')[0]}"
    return f'  <{tag} id="{own}" {what} period="{interval_s:g}" excludeEmpty="true" file="{file}"/>\n'
