"""What advice rests on, kept so that it can be repeated: past, members, options, and what was counted."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from calibration.live import Futures, Past
from models.sumo.kinds import as_values, from_values
from networks.digest import digest_json
from networks.errors import BadInput, NotThere
from networks.landing import landing_file
from twin.advice.judging import Race
from twin.advice.option import Option

SUFFIX = ".evidence.json.gz"


def keep(
    folder: Path, rec_id: str, past: Past, futures: Futures, options: Sequence[Option], race: Race, since_s: float
) -> Path:
    """Write `REC.evidence.json.gz`; a state that the town began with is copied beside it.

    Raises:
        StorageFailed: The disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if past.state is not None:
        own = folder / f"{rec_id}.{past.state.name}"
        shutil.copyfile(past.state, own)
        past = replace(past, state=own)
    told = {
        "past": past.as_values(), "futures": futures.as_values(), "since_s": since_s,
        "options": {one.name: list(map(as_values, one.changes)) for one in options},
        "rounds": [[list(names), list(members)] for names, members in race.rounds],
        "counted": counted(race.runs),
    }  # fmt: skip
    file = folder / f"{rec_id}{SUFFIX}"
    with landing_file(file) as beside, gzip.open(beside, "wt", encoding="utf-8") as out:
        json.dump(told, out)
    return file


def counted(runs: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """What every run counted, by "round/option/member"."""
    return {
        f"{number}/{name}/{member}": {field: getattr(tally, field) for field in type(tally).__slots__}
        for number, run in enumerate(runs)
        for (name, member), tally in sorted(run.tallies.items())
    }


@dataclass(frozen=True)
class Repeated:
    """Advice that was tried again.

    Attributes:
        rec_id: The recommendation.
        runs: Simulations that were repeated.
        other: Those that counted something else, or are on one side only, as "round/option/member".
        then, now: Digest of everything that was counted.
    """

    rec_id: str
    runs: int
    other: tuple[str, ...]
    then: str
    now: str

    @property
    def same(self) -> bool:
        """Every simulation counted exactly what it had counted."""
        return not self.other


def evidence_of(folder: Path, rec_id: str) -> tuple[str, Path]:
    """The whole id and the evidence of a recommendation, by the beginning of its id.

    Raises:
        NotThere: None, or several, begin so.
    """
    found = sorted(folder.glob(f"{rec_id}*{SUFFIX}")) if rec_id and "/" not in rec_id else []
    if len(found) != 1:
        what = "no evidence" if not found else f"evidence of {len(found)} recommendations"
        raise NotThere(f"{what} for this id", file=folder, place=rec_id, remedy="--advice names another folder")
    return found[0].name.removesuffix(SUFFIX), found[0]


def repeat(folder: Path, rec_id: str, *, at_once: int | None = None) -> Repeated:
    """Let the town live through its past again, try the options in the same members again, and compare.

    Raises:
        NotThere: There is no evidence.
        BadInput: It is damaged, or a file of the town is gone or another.
        EngineFailed: SUMO refused.
    """
    rec_id, file = evidence_of(folder, rec_id)
    try:
        with gzip.open(file, "rt", encoding="utf-8") as text:
            told = json.load(text)
        past = Past.from_values(told["past"])
        rounds = [
            ({name: tuple(map(from_values, told["options"][name])) for name in names}, members)
            for names, members in told["rounds"]
        ]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"the evidence cannot be read: {error}", file=file, expected="what the adviser wrote") from error
    with tempfile.TemporaryDirectory(prefix="citytwin-replay-") as scratch:
        anchor = past.stood(Path(scratch), at_once=at_once)
        try:
            futures = Futures.from_values(anchor, told["futures"])
            runs = [futures.tried(options, members, since_s=told["since_s"]) for options, members in rounds]
        finally:
            anchor.end()
    then = told["counted"]
    now = {name: {one: row[one] for one in then.get(name, row)} for name, row in counted(runs).items()}
    other = tuple(sorted(name for name in {*then, *now} if then.get(name) != now.get(name)))
    return Repeated(rec_id, len(now), other, digest_json(then), digest_json(now))
