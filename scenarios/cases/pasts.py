"""Shared pasts: alternatives that differ only from a moment on. The past of each seed is run once and forked there.

Each member's tables are those of its run from zero, the past included; each is addressed by content like any other run.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.sumo.branch import Branch, Ended
from models.sumo.case import SumoCase
from models.sumo.change import Change
from models.sumo.kinds import as_values, from_values
from models.sumo.native import pairs
from models.sumo.net import read_net
from models.sumo.prepared import prepared
from models.sumo.warm import WarmCity
from networks.digest import digest_file
from networks.errors import BadInput, EngineFailed
from scenarios.cases.case_run import CaseOptions, case_inputs, case_of, write_case_run
from scenarios.results.run import Run
from scenarios.results.store import Store, address, read_manifest

if TYPE_CHECKING:
    from scenarios.cases.alternatives import Alternatives
    from scenarios.ensembles.executor import Executor

KIND = "branch"
LENIENT = {"ignore-route-errors": "true"}
"""Roads that are closed later break routes that were right before (`check_case` has checked them)."""


@dataclass(frozen=True)
class Member:
    """One branch of a past.

    Attributes:
        alternative: Its name.
        future: Number of the drawn future (1, 2, ...).
        changes: The alternative's, then the future's.
        inputs: What its id is the hash of.
    """

    alternative: str
    future: int
    changes: tuple[Change, ...]
    inputs: dict[str, Any]

    @property
    def run_id(self) -> str:
        """Its address in the store."""
        return address(self.inputs)


@dataclass(frozen=True)
class Past:
    """A past and its branches: one piece of work for a worker.

    Attributes:
        case: With an end.
        options: Tables and so on.
        seed: SUMO's.
        at_s: Simulation time of the moment from which on they differ.
        members: All branches.
        store_root: Where they land.
        at_once: Branches that run at a time.
        forks: False runs each member from zero, in a process of its own.
    """

    case: SumoCase
    options: CaseOptions
    seed: int
    at_s: float
    members: tuple[Member, ...]
    store_root: Path
    at_once: int = 1
    forks: bool | None = None


def pasts(
    case: SumoCase, options: CaseOptions, seeds: Sequence[int], at_s: float, alternatives: Alternatives, store: Store
) -> list[Past]:
    """The work: one past for each seed, with every alternative in every future.

    Args:
        case: Checked beforehand (`check_case`).
        options: Of the runs.
        seeds: SUMO's.
        at_s: Simulation time from which on they differ.
        alternatives: What they do.
        store: Where they land.

    Raises:
        BadInput: The moment is not between begin and end, or there is no end.
        BadScenario: A change names a signal, a road or a lane that the network does not have.
    """
    if case.end_s is None:
        raise BadInput("the case has no end, so branches would have none", file=case.file, remedy="set --end")
    if not case.begin_s <= at_s < case.end_s:
        expected = f"a time from {case.begin_s:g} to before {case.end_s:g} s"
        raise BadInput(
            f"the branches begin at {at_s:g} s, where the case does not run", place="--from", expected=expected
        )
    alternatives.check(read_net(case.net), case.file)
    common = case_inputs(case, options) | {"branching": digest_file(Path(__file__)), "at_s": at_s}
    drawn = {future: alternatives.future.drawn(future) for future in range(1, alternatives.future.members + 1)}
    found = []
    for seed in seeds:
        members = []
        for one in alternatives.alternatives:
            for future, changes in drawn.items():
                todo = (*one.planned, *changes)
                inputs = common | {"seed": seed, "changes": [as_values(change) for change in todo]}
                members.append(Member(one.name, future, todo, inputs))
        found.append(Past(case, options, seed, at_s, tuple(members), store.root))
    return found


def run_past(past: Past) -> tuple[Run, ...]:
    """Run a past once and branch it; members that are kept already are looked up. What an executor calls.

    Returns:
        The members' runs in order.

    Raises:
        EngineFailed: SUMO stopped in the past or in a member; the other members are kept.
    """
    store, missing = Store(past.store_root), missing_members(past)
    if missing:
        with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
            _branch(past, missing, store, Path(scratch))
    return tuple(Run.open(store.place(KIND, member.run_id)) for member in past.members)


def missing_members(past: Past) -> dict[str, Member]:
    """The members that the store does not hold, by address."""
    store = Store(past.store_root)
    return {member.run_id: member for member in past.members if store.find(KIND, member.run_id) is None}


def run_pasts(work: Sequence[Past], executor: Executor) -> list[tuple[Run, ...]]:
    """Run all pasts in parallel; see `run_past`. The executor is untouched when every member is kept already."""
    fresh = [past for past in work if missing_members(past)]
    if fresh:
        executor.map(run_past, fresh)
    return [run_past(past) for past in work]


def _branch(past: Past, missing: dict[str, Member], store: Store, folder: Path) -> None:
    case, options, problems = past.case, past.options, []
    assert case.end_s is not None
    prepare = prepared(
        case, past.seed, tables=options.tables, interval_s=options.interval_s, meso=options.meso,
        emissions=options.emissions, ssm=options.ssm, options={**pairs(options.extra), **LENIENT},
    )  # fmt: skip

    def keep(ended: Ended) -> None:
        if ended.problem is None:
            _keep(past, missing[ended.name], ended, folder / "branches" / ended.name, store)
        else:
            problems.append(f"{missing[ended.name].alternative}: {ended.problem}")

    branches = [Branch(run_id, case.end_s, member.changes, tables=True) for run_id, member in missing.items()]
    with WarmCity(prepare, folder, forks=past.forks) as city:
        city.step_until(past.at_s)
        city.fork(branches, at_once=past.at_once, over=keep)
    if problems:
        raise EngineFailed("; ".join(problems), file=case.file, place=f"seed {past.seed}")


def _keep(past: Past, member: Member, ended: Ended, folder: Path, store: Store) -> None:
    seconds = {"sumo_cpu": ended.cpu_s, "fork": ended.ready_ms / 1e3}
    with store.landing(KIND, member.run_id) as landing:
        write_case_run(landing, past.case, past.options, member.inputs, past.seed, folder, seconds)
        landing.manifest["branch"] = {
            "alternative": member.alternative, "future": member.future, "at_s": past.at_s, "forked": ended.forked,
            "dirty_mb": round(ended.dirty_mb, 1),
        }  # fmt: skip
    shutil.rmtree(folder)


def repeat_branch(folder: Path, _store: Store, scratch: Store, _city: Path | None) -> Path:
    """Repeat a member from its manifest, past and all; what `twin replay` calls.

    Raises:
        NotThere: The case's files are gone, or no longer what they were.
    """
    manifest = read_manifest(folder)
    case, options = case_of(manifest)
    inputs, said = manifest["inputs"], manifest["branch"]
    changes = tuple(map(from_values, inputs["changes"]))
    member = Member(said["alternative"], said["future"], changes, inputs)
    run_past(Past(case, options, manifest["seed"], said["at_s"], (member,), scratch.root))
    return scratch.place(KIND, member.run_id)
