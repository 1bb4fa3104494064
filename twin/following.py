"""A live town replayed from counts: what `twin now` does, cycle by cycle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from calibration.counting import Counts, ReadCounts
    from calibration.incidents import Verdict, Watch
    from calibration.live import Cycle, LiveTown
    from calibration.skill import Served
    from models.sumo import SumoCase
    from twin.usual_days import Days

LAG_S, WINDOW_S, HORIZON_S = 900.0, 1800.0, 3600.0
SOON_S = 1800.0
"""What "soon" is in the table of streets: it ends so long after now."""
SHOWN = 3


@dataclass(frozen=True)
class Wish:
    """What was asked for.

    Attributes:
        sumocfg: The case; its own cars are the usual demand.
        keep: Route files of the case that drive by timetable.
        until_s: End of the last cycle; None is the end of the counts.
        members: Futures of each cycle.
        at_once: How many run at a time; None is one per CPU.
        seed: Of every draw.
        folder: Journal, forecasts and their ledger; a second call goes on where the first ended.
        usual: Days counted before, at the same sensors and hours; where there are three, incidents are sought.
        meso: Mesoscopic; no incidents are sought then.
    """

    sumocfg: Path
    keep: tuple[Path, ...]
    until_s: float | None
    members: int
    at_once: int | None
    seed: int
    folder: Path
    usual: tuple[ReadCounts, ...] = ()
    meso: bool = False


@dataclass(frozen=True)
class Street:
    """One counted street of a cycle: counted in the last period, and what comes in half an hour, with its 90 %.

    `source` is who says so: "twin", "mixed", or the baseline that was better there so far.
    """

    edge: str
    counted: float
    soon: float
    low: float
    high: float
    source: str


class Followed(NamedTuple):
    """A cycle, the counted streets on which most comes, and what a suspicion turned out to be."""

    cycle: Cycle
    streets: Sequence[Street]
    verdict: Verdict | None


def followed(read: ReadCounts, wish: Wish) -> Iterator[Followed]:
    """Follow the town through the counts, one cycle each period.

    An incident is in the forecasts from the cycle after it was told, until no sensor feels it any more.

    Raises:
        BadInput: Nothing was counted in the case's time, or on streets that cars may use.
        EngineFailed: SUMO stopped.
    """
    from calibration.flows import read_roads
    from calibration.incidents import found_again, keep
    from calibration.live import LiveTown, Rhythm, own_demand
    from calibration.proof import chosen
    from models.sumo import read_case
    from twin.town_skill import TownSkill
    from twin.usual_days import days_of

    case = read_case(wish.sumocfg)
    cars = set(read_roads(case.net).edges)
    told = [name for name, edge in zip(read.counts.sensors, read.counts.edges, strict=True) if edge in cars]
    if not told:
        raise BadInput("no sensor stands on a street that cars may use", expected="sensors of this case's network")
    rows = [read.counts.sensors.index(name) for name in told]
    counts, speeds = chosen(read.counts, tuple(told)), read.speeds_mps[rows]
    period_s = counts.period_s
    without, usual = own_demand(case, wish.folder / "own", keep=wish.keep, period_s=period_s, seed=wish.seed)
    first = round((max(counts.begin_s, usual.begin_s) - usual.begin_s) / period_s) + 1
    end_s = min(counts.end_s, np.inf if wish.until_s is None else wish.until_s)
    if usual.begin_s + first * period_s > end_s:
        raise BadInput(
            f"nothing was counted between {usual.begin_s:g} s and {end_s:g} s", file=case.file,
            expected="counts on the clock of the case",
            remedy="give --begin: the wall-clock time of the case's second 0",
        )  # fmt: skip
    lag_s, window_s, horizon_s = (
        float(np.ceil(wanted / period_s) * period_s) for wanted in (LAG_S, WINDOW_S, HORIZON_S)
    )
    rhythm = Rhythm(lag_s, window_s, horizon_s, wish.members, wish.at_once)
    days = days_of(wish.usual, counts) if wish.usual else None
    kept = wish.folder / "live" / "watch.json"
    skill = TownSkill(wish.folder / "skill", counts.edges, counts.begin_s, period_s, days)
    with LiveTown(
        without, usual, counts.sensors, counts.edges, wish.folder / "live", seed=wish.seed, rhythm=rhythm,
        meso=wish.meso,
    ) as town:  # fmt: skip
        watching = found_again(watch_in(case, town, counts, days), kept) if days and not wish.meso else None
        for number in range(first, int((end_s - usual.begin_s) // period_s + 1e-9) + 1):
            now_s = usual.begin_s + number * period_s
            if now_s > town.now_s:
                so_far = round((now_s - counts.begin_s) / period_s)
                late = replace(counts, vehicles=counts.vehicles[:, :so_far])
                cycle = town.cycle(now_s, late, speeds[:, :so_far], known=watching.known if watching else ())
                verdict = watching.step(late, speeds[:, :so_far]) if watching else None
                if watching:
                    keep(watching, kept)
                served = skill.step(late, speeds[:, :so_far], cycle.forecasts)
                yield Followed(cycle, busiest_soon(served.get("flow"), late.edges, late.vehicles[:, -1]), verdict)


def watch_in(case: SumoCase, town: LiveTown, counts: Counts, days: Days) -> Watch:
    """A watch whose suspicions are tried in the town as it is now."""
    from calibration.incidents import Watch, in_town, reach_in, streets_in, usual_of
    from twin.usual_days import runs_and_ways

    _, paths, flows = runs_and_ways(case, counts, 0)
    what = usual_of(*days, counts.period_s)
    reach = reach_in(case.net, paths, flows, counts.edges)
    attempt = in_town(town, counts.period_s)
    back_s = town.rhythm.lag_s
    return Watch(what.expected, reach, streets_in(case.net), what.threshold, attempt, what.errors, back_s=back_s)


def busiest_soon(served: Served | None, edges: Sequence[str], counted: np.ndarray) -> list[Street]:
    """The counted streets on which most vehicles come in the period that ends in half an hour.

    Args:
        served: What is served of their flow; none: nothing to tell.
        edges: The street of each sensor (S).
        counted: What each counted in the last period (S); of several sensors on one street the mean, NaN left out.
    """
    if served is None:
        return []
    flow = served.forecast
    column = min(round(SOON_S / flow.period_s), flow.members.shape[2]) - 1
    (low, high), middle = flow.interval(0.9), flow.median
    told: dict[str, list[float]] = {place: [] for place in flow.places}
    for edge, value in zip(edges, counted, strict=True):
        told[edge] += [] if np.isnan(value) else [float(value)]
    order = sorted(range(len(flow.places)), key=lambda row: -middle[row, column])
    return [
        Street(
            edge=flow.places[row],
            counted=float(np.mean(seen)) if (seen := told[flow.places[row]]) else float("nan"),
            soon=float(middle[row, column]),
            low=float(low[row, column]),
            high=float(high[row, column]),
            source=str(served.by[row, column]),
        )
        for row in order[:SHOWN]
    ]
