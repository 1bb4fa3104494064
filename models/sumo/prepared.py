"""A case made ready for a process that holds it open, with the outputs that a run by the binary would have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from models.sumo.case import SumoCase
from models.sumo.native import arguments
from models.sumo.outputs import ask

NOTHING: Mapping[str, str] = {}


def prepared(
    case: SumoCase, seed: int, *, tables: Sequence[str] = (), interval_s: float = 60.0, meso: bool = False,
    emissions: bool = False, ssm: bool = False, options: Mapping[str, str] = NOTHING,
    additionals: Callable[[Path], Sequence[Path]] | None = None,
) -> Callable[[Path], list[str]]:  # fmt: skip
    """What `WarmCity` asks for: a function that writes what a run needs in a folder and gives SUMO's options.

    Args:
        case: Checked beforehand (`check_case`).
        seed: SUMO's seed.
        tables: Of `trips`, `edges`, `lanes`, `detectors`; read them back with `read_tables`.
        interval_s: Length of the intervals of edges, lanes and detectors.
        meso: Mesoscopic instead of microscopic.
        emissions: Also emissions by edge and trip.
        ssm: Also conflicts.
        options: More of SUMO's options by their full names, instead of the case's.
        additionals: Writes more additional files into the folder, which are read as they are.
    """

    def prepare(folder: Path) -> list[str]:
        folder.mkdir(parents=True, exist_ok=True)
        asked = ask(case, folder, tables=tables, interval_s=interval_s, meso=meso, emissions=emissions, ssm=ssm)
        more = additionals(folder) if additionals else ()
        said = arguments(case, (*asked.additionals, *more)) | {"seed": str(seed)} | asked.options | dict(options)
        said |= {"mesosim": "true"} if meso else {}
        return [word for name, value in said.items() for word in (f"--{name}", value)]

    return prepare
