"""The usual demand of a case, learned once and found again: a service that is started again need not drive it anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from calibration.flows import PathSet
from calibration.live.journal import digest
from calibration.live.owning import TYPES, own_demand
from calibration.live.usual import Usual
from models.sumo import SumoCase
from networks.landing import landing_file

FILE = "usual.npz"


def own_demand_once(
    case: SumoCase, folder: Path, *, keep: Sequence[Path] = (), period_s: float = 300.0, seed: int = 1
) -> tuple[SumoCase, Usual]:
    """`own_demand`, which is kept in the folder; a case whose files changed is driven anew.

    Args and errors: as `own_demand`.
    """
    kept = tuple(file.absolute() for file in keep)
    files = (case.net, *case.routes, *case.additionals, *kept)
    name = digest((*files, repr(case.options), case.begin_s, case.end_s or 0.0, period_s, seed))
    place, types = folder.absolute() / FILE, folder.absolute() / "types.add.xml"
    found = _read(place, name) if types.is_file() else None
    if found is not None:
        additionals = (*case.additionals, types)
        return replace(case, routes=kept, additionals=additionals, end_s=None), found
    without, usual = own_demand(case, folder, keep=keep, period_s=period_s, seed=seed)
    with landing_file(place) as beside, beside.open("wb") as out:
        paths = {f"path_{one.name}": getattr(usual.paths, one.name) for one in fields(PathSet)}
        np.savez_compressed(out, name=name, flows=usual.flows, begin_s=usual.begin_s, period_s=period_s, **paths)
    return without, usual


def _read(place: Path, name: str) -> Usual | None:
    """What is kept; None where it is of another case, or damaged."""
    try:
        with np.load(place) as told:
            if str(told["name"]) != name:
                return None
            paths = {one.name: told[f"path_{one.name}"] for one in fields(PathSet)}
            paths["edges"] = tuple(map(str, paths["edges"]))
            return Usual(PathSet(**paths), told["flows"], float(told["begin_s"]), float(told["period_s"]), TYPES)
    except (OSError, ValueError, KeyError, EOFError):
        return None
