"""From counts to a demand and its proof: what `twin calibrate` does, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from networks.sentence import Sentence, say
from twin.first_guess import first_guess

if TYPE_CHECKING:
    from calibration.counting import Counts, ReadCounts
    from calibration.proof import Journeys, Proof, Setting
    from twin.calibration_ground import Ground, Watched
    from twin.first_guess import FirstGuess

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What was asked for.

    Attributes:
        share: Of the sensors to hold out.
        rule: `edges`, `corridors` or `screenlines`.
        rounds: Of the estimate, each with a mesoscopic simulation; two microscopic ones follow.
        seeds: Simulations of the answer.
        seed: Of every draw.
        peer: Whether routeSampler is run beside it.
        before: Whether the case's own demand is simulated as the reference.
        od: A trip table to begin with.
        od_hours: Its period where it does not say so, seconds after midnight.
        ahead_s: Time in which the streets fill before the first count.
        probes: Ways of observed vehicles.
    """

    share: float = 0.2
    rule: str = "corridors"
    rounds: int = 8
    seeds: int = 2
    seed: int = 1
    peer: bool = False
    before: bool = True
    od: Path | None = None
    od_hours: tuple[float, float] | None = None
    ahead_s: float = 0.0
    probes: Path | None = None


@dataclass(frozen=True)
class Calibrated:
    """What came of it.

    Attributes:
        proof: How the demand stands to the street.
        notes: What it rests on.
    """

    proof: Proof
    notes: tuple[Sentence, ...]


def calibrated(
    ground: Ground, watched: Watched, wish: Wish, folder: Path, tell: Tell, *, clock_s: float = 0.0,
    journeys: Journeys | None = None,
) -> Calibrated:  # fmt: skip
    """Estimate a demand from some sensors, write it to `folder`/demand.rou.xml, and prove it on the others.

    Args:
        ground: Where.
        watched: What was counted.
        wish: What was asked for.
        folder: Where files go.
        tell: Called with a line about each step.
        clock_s: Time of the day at second 0, seconds after midnight.
        journeys: Times along routes, where somebody measured them; they judge, and are not fitted to.

    Raises:
        BadInput: The sensors cannot be parted, no route passes any of them, or the trip table cannot be used.
        EngineFailed: SUMO stopped.
    """
    from calibration.proof import chosen, hold_out, prove, run_demand, sampled
    from networks.roads.net_file import read_net

    net, counts = read_net(ground.net_file), watched.counts
    hold = hold_out(counts, net, wish.rule, wish.share, wish.seed)
    tell(f"held out: {len(hold.held)} of {len(counts.sensors)} sensors, on {len(hold.parts)} {wish.rule}")
    used = chosen(counts, hold.used)
    demand = folder / "demand.rou.xml"
    setting = _setting(ground, counts, wish)
    guess = first_guess(
        ground,
        _cars(setting, used),
        od=wish.od,
        od_hours=wish.od_hours,
        clock_s=clock_s,
        seed=wish.seed,
        probes=wish.probes,
    )
    if guess is not None:
        tell(f"begun with {guess.told['en']}")
    tell(_estimated(ground, used, wish, demand, guess))
    seeds = [wish.seed + at for at in range(wish.seeds)]
    ours = run_demand(replace(setting, drives=journeys is not None), [demand], seeds)
    tell(f"simulated with {wish.seeds} seeds: {ours.cpu_s:.0f} CPU s, {100 * ours.waiting:.1f} % found no room")
    before = peer = None
    if ground.own and wish.before:
        before = run_demand(setting, ground.own, seeds[:1])
        tell(f"the case's own demand: {before.vehicles:,} vehicles, simulated once")
    if wish.peer:
        other = sampled(ground.net_file, _cars(setting, used), folder / "routeSampler", wish.seed)
        peer = run_demand(setting, [other], seeds[:1])
        tell(f"routeSampler: {peer.vehicles:,} vehicles, simulated once")
    proof = prove(
        net, counts, hold, ours, before=before, peer=peer, speeds_mps=watched.speeds_mps, journeys=journeys,
        by_day=watched.by_day,
    )  # fmt: skip
    return Calibrated(proof, _notes(guess, wish, watched))


def _notes(guess: FirstGuess | None, wish: Wish, watched: Watched) -> tuple[Sentence, ...]:
    notes = []
    if guess is not None:
        notes.append(say(f"The estimate begins with {guess.told['en']}.", f"估计的起点为{guess.told['zh']}。"))
    if wish.ahead_s > 0:
        minutes = f"{wish.ahead_s / 60:g}"
        notes.append(
            say(
                f"The streets fill for {minutes} min before the first count.",
                f"首个计数之前先以 {minutes} 分钟使路网充满车辆。",
            )
        )
    if watched.by_day is not None:
        days = len(watched.by_day)
        notes.append(say(f"Counts are the mean of {days} days.", f"计数取 {days} 天的平均值。"))
    return tuple(notes)


def _setting(ground: Ground, counts: Counts, wish: Wish) -> Setting:
    from calibration.proof import Setting

    return Setting(
        ground.net_file, ground.additional, ground.keep, counts.begin_s, counts.end_s, counts.period_s, wish.ahead_s
    )  # fmt: skip


def _estimated(ground: Ground, counts: Counts, wish: Wish, demand: Path, guess: FirstGuess | None) -> str:
    from calibration.flows import calibrate_demand

    found = calibrate_demand(
        ground.net_file, counts, additional=ground.additional, known=ground.keep, rounds=wish.rounds,
        micro_rounds=min(2, wish.rounds), seed=wish.seed, ahead_s=wish.ahead_s,
        paths=guess.paths if guess else None, prior=guess.prior if guess else None,
    )  # fmt: skip
    found.write(demand)
    turns = ", ".join(f"{one.misfit:.1f}" for one in found.rounds)
    told = f"mean GEH at used sensors by round {turns}; round {found.best + 1} is kept"
    return f"estimated: {len(found.leaving):,} vehicles; {told}"


def _cars(setting: Setting, counts: Counts) -> Counts:
    """Counts without the vehicles that are known, as these count when they drive alone."""
    from calibration.flows import simulated

    if not setting.keep:
        return counts
    alone = simulated(
        setting.net_file, setting.keep, additional=setting.additional, begin_s=setting.begin_s, end_s=setting.end_s,
        period_s=setting.period_s,
    ).counts  # fmt: skip
    row = {edge: at for at, edge in enumerate(alone.edges)}
    known = alone.vehicles[[row[edge] for edge in counts.edges]]
    return replace(counts, vehicles=np.clip(counts.vehicles - known, 0, None))


def clock_of(read: ReadCounts) -> float:
    """Time of the day at second 0, seconds after midnight; midnight where nobody named a day."""
    begin = read.begin
    return 0.0 if begin is None else 3600.0 * begin.hour + 60.0 * begin.minute + begin.second
