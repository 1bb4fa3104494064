"""An ensemble by name: a small file beside the runs says which runs it is made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput, NotThere
from networks.landing import landing_file

if TYPE_CHECKING:
    from scenarios import Ensemble

FOLDER = "ensembles"


@dataclass(frozen=True, slots=True)
class SavedEnsemble:
    """An ensemble read back, and the digest of the city that it was run in."""

    ensemble: Ensemble
    city_digest: str


def save_ensemble(root: Path, ensemble: Ensemble, *, city_digest: str) -> Path:
    """Write `root/ensembles/<scenario name>.json`; a later ensemble of the same name replaces it.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    place = root / FOLDER / f"{ensemble.scenario.name}.json"
    document = {
        "scenario": ensemble.scenario.model_dump(mode="json"),
        "city_digest": city_digest,
        "runs": [{"run_id": run.run_id, "seed": run.seed} for run in ensemble.runs],
    }
    with landing_file(place) as beside:
        beside.write_text(json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    return place


def open_ensemble(root: Path, name: str) -> SavedEnsemble:
    """Read an ensemble back, by its scenario's name or the path of its file.

    Raises:
        NotThere: No such ensemble, or one of its runs is gone.
        BadInput: The file is no ensemble.
    """
    from scenarios import Ensemble, Run, Scenario, Store
    from scenarios.ensembles.stopped import STOPPED

    place = Path(name) if name.endswith(".json") else root / FOLDER / f"{name}.json"
    if not place.is_file():
        known = ", ".join(sorted(path.stem for path in (root / FOLDER).glob("*.json")))
        expected = f"one of: {known}" if known else "the name of a scenario that was run; nothing was run here yet"
        raise NotThere(f"no ensemble {name!r}", file=root / FOLDER, expected=expected, remedy="twin run FILE --seeds N")
    try:
        document = json.loads(place.read_text(encoding="utf-8"))
        scenario = Scenario.model_validate(document["scenario"])
        ids, city_digest = [str(row["run_id"]) for row in document["runs"]], str(document["city_digest"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput("not an ensemble file", file=place, expected="what twin run wrote") from error
    store = Store(place.parent.parent)
    folders = [store.find(STOPPED, run_id) or store.get("run", run_id) for run_id in ids]
    return SavedEnsemble(Ensemble(scenario, tuple(Run.open(folder) for folder in folders)), city_digest)
