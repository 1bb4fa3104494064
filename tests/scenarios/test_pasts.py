"""Shared pasts: a member's tables are those of its run from zero, its future is its own and the same everywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import branching_case
import pytest

from models.sumo import SumoCase, read_case
from models.sumo.own_files import can_fork
from networks.errors import BadInput, BadScenario, EngineFailed
from scenarios import RayExecutor, Run, SerialExecutor, Store
from scenarios.cases import pasts
from scenarios.cases.alternatives import Alternatives, read_alternatives
from scenarios.cases.case_run import CaseOptions, case_jobs, run_case_member
from scenarios.cases.pasts import Past, run_past, run_pasts
from scenarios.results.replay import repeat

FROM_S = 120.0
OPTIONS = CaseOptions(tables=("trips", "edges", "detectors"))
FUTURE = "future: {members: 3, drivers: 0.1, demand: 0.2, weather: 0.1}\n"
needs_fork = pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> SumoCase:
    return read_case(branching_case.write_case(tmp_path_factory.mktemp("case")))


@pytest.fixture(scope="module")
def forked(case: SumoCase, tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Three alternatives in three futures of one past, run."""
    folder = tmp_path_factory.mktemp("forked")
    alternatives = write(folder, branching_case.ALTERNATIVES + FUTURE)
    past = pasts.pasts(case, OPTIONS, [3], FROM_S, alternatives, Store(folder / "runs"))[0]
    run_past(past)
    return past


def write(folder: Path, text: str) -> Alternatives:
    (folder / "alternatives.yaml").write_text(text, encoding="utf-8")
    return read_alternatives(folder / "alternatives.yaml")


def by_member(past: Past) -> dict[tuple[str, int], Run]:
    return {(m.alternative, m.future): run for m, run in zip(past.members, run_past(past), strict=True)}


@needs_fork
def test_every_member_s_tables_are_those_of_its_run_from_zero(forked: Past, tmp_path: Path) -> None:
    chosen = tuple(m for m in forked.members if m.future == 2)
    from_zero = run_past(replace(forked, members=chosen, store_root=tmp_path, forks=False))
    for member, run in zip(chosen, from_zero, strict=True):
        ours = by_member(forked)[member.alternative, 2]
        assert ours.manifest["branch"]["forked"] and not run.manifest["branch"]["forked"]
        assert set(ours.digests) == {"trips", "edges", "detectors"} and ours.digests == run.digests
        assert ours.measures == run.measures
        assert len(ours.table("trips")) > 250 and ours.table("edges").time_s.min() == 0.0
    assert len({run.digests["trips"] for run in from_zero}) == 3


@needs_fork
def test_a_branch_without_changes_is_the_binary_s_own_run(case: SumoCase, tmp_path: Path) -> None:
    alternatives = write(tmp_path, "alternatives: [{name: as-it-is}]")
    past = pasts.pasts(case, OPTIONS, [5], FROM_S, alternatives, Store(tmp_path))[0]
    branch = run_past(past)[0]
    alone = run_case_member(case_jobs(case, OPTIONS, [5], Store(tmp_path))[0])
    assert branch.digests == alone.digests and branch.measures == alone.measures


@needs_fork
def test_members_differ_by_their_future_and_meet_the_same_in_every_alternative(forked: Past) -> None:
    runs = by_member(forked)
    trips = {key: run.table("trips") for key, run in runs.items()}
    losses = {float(table.time_loss_s.mean()) for (name, _), table in trips.items() if name == "as-it-is"}
    assert len(losses) == 3 and max(losses) > min(losses) > 0
    vehicles = {key: set(table.vehicle_id) - {"van"} for key, table in trips.items()}
    for future in (1, 2, 3):
        assert vehicles["as-it-is", future] == vehicles["long-green", future]
    assert len({frozenset(vehicles["as-it-is", future]) for future in (1, 2, 3)}) == 3
    early = [table[table.arrival_s <= FROM_S].reset_index(drop=True) for table in trips.values()]
    assert len(early[0]) > 20 and all(one.equals(early[0]) for one in early)


@needs_fork
def test_a_member_is_replayed_from_its_manifest(forked: Past, tmp_path: Path) -> None:
    store, run_id = Store(forked.store_root), forked.members[-1].run_id
    again = repeat(run_id, store, Store(tmp_path))
    assert again.verdict == "same bytes" and "trips" in again.same


@needs_fork
def test_a_repeated_past_is_looked_up(forked: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasts, "WarmCity", None)
    with SerialExecutor() as executor:
        assert len(run_pasts([forked], executor)[0]) == 9


@needs_fork
def test_a_member_that_fails_is_named_and_the_others_are_kept(case: SumoCase, tmp_path: Path) -> None:
    wrong = "{kind: signal_program, signal: B1, program: nowhere}"
    alternatives = write(tmp_path, f"alternatives: [{{name: good}}, {{name: wrong, changes: [{wrong}]}}]")
    past = pasts.pasts(case, CaseOptions(), [3], FROM_S, alternatives, Store(tmp_path))[0]
    with pytest.raises(EngineFailed, match="wrong: it stopped: SUMO refused SignalProgram"):
        run_past(past)
    assert Store(tmp_path).ids(pasts.KIND) == [past.members[0].run_id]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alternatives: []", "line 1"),
        ("alternatives:\n  - {name: a}\n  - {name: a}", "two alternatives are called a"),
        ("alternatives:\n  - name: a\n    changes: [{kind: magic}]", "line 3"),
        ("alternatives:\n  - name: a\n    changes:\n      - {kind: speed_limit, edge: B1B2, speed_mps: -3}", "line 4"),
        ("alternatives: [{name: a}]\nfuture: {members: 4}", "something to differ by"),
    ],
)
def test_a_file_of_alternatives_is_told_by_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadScenario) as error:
        write(tmp_path, text)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("{kind: signal_held, signal: Z9, for_s: 5}", "no signal 'Z9'"),
        ("{kind: lanes_closed, lanes: [B0B1_7]}", "no lane 'B0B1_7'"),
        ("{kind: speed_limit, edge: nowhere, speed_mps: 3}", "no road 'nowhere'"),
        ("{kind: new_vehicle, vehicle_id: x, route: [A0B0, nowhere], depart_s: 1}", "no road 'nowhere'"),
        ("{kind: signal_phases, signal: B1, phases: [[30, GG]]}", "links"),
    ],
)
def test_what_the_network_does_not_have_is_told_before_the_run(
    case: SumoCase, tmp_path: Path, change: str, said: str
) -> None:
    alternatives = write(tmp_path, f"alternatives: [{{name: a, changes: [{change}]}}]")
    with pytest.raises(BadScenario) as error:
        pasts.pasts(case, OPTIONS, [1], FROM_S, alternatives, Store(tmp_path))
    assert said in str(error.value) and "alternative a" in str(error.value)


def test_the_moment_must_be_in_the_case(case: SumoCase, tmp_path: Path) -> None:
    alternatives = write(tmp_path, "alternatives: [{name: a}]")
    for at_s in (-1.0, 300.0, float("nan")):
        with pytest.raises(BadInput, match="where the case does not run"):
            pasts.pasts(case, OPTIONS, [1], at_s, alternatives, Store(tmp_path))
    with pytest.raises(BadInput, match="no end"):
        pasts.pasts(replace(case, end_s=None), OPTIONS, [1], FROM_S, alternatives, Store(tmp_path))


@needs_fork
@pytest.mark.ray
def test_ray_gives_what_serial_gives(case: SumoCase, tmp_path: Path, ray_executor: RayExecutor) -> None:
    alternatives = write(tmp_path, branching_case.ALTERNATIVES)
    digests = []
    for name, executor in (("serial", SerialExecutor()), ("ray", ray_executor)):
        work = pasts.pasts(case, CaseOptions(), [1, 2], FROM_S, alternatives, Store(tmp_path / name))
        digests.append([[run.digests for run in runs] for runs in run_pasts(work, executor)])
    assert digests[0] == digests[1] and len(digests[0]) == 2
