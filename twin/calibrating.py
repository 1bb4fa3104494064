"""From counts to a demand and its proof: what `twin calibrate` does, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from calibration.counting import Counts, ReadCounts
    from calibration.proof import HoldOut, Proof, Setting
    from models.sumo import SumoCase

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
    """

    share: float = 0.2
    rule: str = "corridors"
    rounds: int = 8
    seeds: int = 2
    seed: int = 1
    peer: bool = False
    before: bool = True


@dataclass(frozen=True)
class Ground:
    """Where it happens.

    Attributes:
        title: Its name.
        net_file: Its network.
        additional: Additional files of the case.
        own: Route files of the case's own demand; empty where there is none.
        keep: Route files of vehicles that stay (buses).
        begin_s, end_s: Window of the case; None where it has none.
    """

    title: str
    net_file: Path
    additional: tuple[Path, ...] = ()
    own: tuple[Path, ...] = ()
    keep: tuple[Path, ...] = ()
    begin_s: float | None = None
    end_s: float | None = None


def ground_of(city: Path | None, case: SumoCase | None, keep: tuple[Path, ...]) -> Ground:
    """The ground of a city folder or of a SUMO case.

    Raises:
        BadInput: A file of --keep is missing.
    """
    from networks.city import NET_FILE, City

    kept = tuple(file.absolute() for file in keep)
    for file in kept:
        if not file.is_file():
            raise BadInput("there is no such file", file=file, place="--keep", remedy="correct the path")
    if case is not None:
        own = tuple(file for file in case.routes if file not in kept)
        return Ground(case.name, case.net, case.additionals, own, kept, case.begin_s, case.end_s)
    assert city is not None
    return Ground(City.open(city).name, (city / NET_FILE).absolute(), keep=kept)


def window_of(read: ReadCounts, ground: Ground, window: tuple[float, float] | None) -> Counts:
    """The counts within what was asked for and within the case's own hours.

    Raises:
        BadInput: Nothing was counted then.
    """
    from calibration.proof import cut

    begin_s, end_s = window or (ground.begin_s, ground.end_s)
    counts = read.counts
    first = counts.begin_s if begin_s is None else max(begin_s, counts.begin_s)
    last = counts.end_s if end_s is None else min(end_s, counts.end_s)
    found = cut(counts, first, last)
    if found is None or not np.isfinite(found.vehicles).any():
        raise BadInput(
            f"nothing was counted from {_clock(begin_s, counts.begin_s)} to {_clock(end_s, counts.end_s)}",
            expected=f"a window within the counts' {_clock(counts.begin_s, 0)} to {_clock(counts.end_s, 0)}",
            remedy="give --window, or --begin where second 0 is not midnight",
        )
    return _heard(found)


def calibrated(
    ground: Ground, read: ReadCounts, counts: Counts, wish: Wish, folder: Path, tell: Tell
) -> tuple[Proof, HoldOut]:
    """Estimate a demand from some sensors, write it to `folder`/demand.rou.xml, and prove it on the others.

    Raises:
        BadInput: The sensors cannot be parted, or no route passes any of them.
        EngineFailed: SUMO stopped.
    """
    from calibration.proof import chosen, hold_out, prove, run_demand, sampled
    from networks.roads.net_file import read_net

    net = read_net(ground.net_file)
    hold = hold_out(counts, net, wish.rule, wish.share, wish.seed)
    tell(f"held out: {len(hold.held)} of {len(counts.sensors)} sensors, on {len(hold.parts)} {wish.rule}")
    used = chosen(counts, hold.used)
    demand = folder / "demand.rou.xml"
    tell(_estimated(ground, used, wish, demand))
    setting = _setting(ground, counts)
    seeds = [wish.seed + at for at in range(wish.seeds)]
    ours = run_demand(setting, [demand], seeds)
    tell(f"simulated with {wish.seeds} seeds: {ours.cpu_s:.0f} CPU s, {100 * ours.waiting:.1f} % found no room")
    before = peer = None
    if ground.own and wish.before:
        before = run_demand(setting, ground.own, seeds[:1])
        tell(f"the case's own demand: {before.vehicles:,} vehicles, simulated once")
    if wish.peer:
        other = sampled(ground.net_file, _cars(setting, used), folder / "routeSampler", wish.seed)
        peer = run_demand(setting, [other], seeds[:1])
        tell(f"routeSampler: {peer.vehicles:,} vehicles, simulated once")
    speeds = _speeds(read, counts)
    return prove(net, counts, hold, ours, before=before, peer=peer, speeds_mps=speeds), hold


def _setting(ground: Ground, counts: Counts) -> Setting:
    from calibration.proof import Setting

    return Setting(
        ground.net_file, ground.additional, ground.keep, counts.begin_s, counts.end_s, counts.period_s
    )  # fmt: skip


def _estimated(ground: Ground, counts: Counts, wish: Wish, demand: Path) -> str:
    from calibration.flows import calibrate_demand

    found = calibrate_demand(
        ground.net_file, counts, additional=ground.additional, known=ground.keep, rounds=wish.rounds,
        micro_rounds=min(2, wish.rounds), seed=wish.seed,
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


def _heard(counts: Counts) -> Counts:
    """Without sensors that said nothing in the window."""
    from calibration.proof import chosen

    silent: list[bool] = [bool(np.isnan(row).all()) for row in counts.vehicles]
    return chosen(counts, tuple(name for at, name in enumerate(counts.sensors) if not silent[at]))


def _speeds(read: ReadCounts, counts: Counts) -> np.ndarray | None:
    """Mean speed at each sensor over the window, weighed by its vehicles; None where nobody measured any."""
    whole = read.counts
    first = round((counts.begin_s - whole.begin_s) / whole.period_s)
    span = slice(first, first + counts.vehicles.shape[1])
    place = {name: row for row, name in enumerate(whole.sensors)}
    rows = [place[name] for name in counts.sensors]
    speeds, weights = read.speeds_mps[rows][:, span], np.nan_to_num(counts.vehicles)
    weights = np.where(np.isfinite(speeds), weights, 0.0)
    if not weights.any():
        return None
    total = weights.sum(axis=1)
    mean = (np.nan_to_num(speeds) * weights).sum(axis=1) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)


def _clock(seconds: float | None, other: float) -> str:
    told = round(other if seconds is None else seconds)
    return f"{told // 3600}:{told // 60 % 60:02d}"
