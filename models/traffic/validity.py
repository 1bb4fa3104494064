"""Is this run a picture of traffic, or of a simulator that seized up? Watched while it runs, judged when it ends.

What is watched from look to look can only get worse (a count that grows against a fixed bound, or a fault that stays
once seen), and is part of the verdict at the end. So a run that is stopped early would have been invalid at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say

WATCHED = ("time_s", "inserted", "waiting", "late", "teleports", "running", "standing")
"""What is kept of every look."""
FEW = 20
"""With fewer vehicles on the road, shares say nothing, and nothing runs away."""


@dataclass(frozen=True)
class Limits:
    """What a valid run keeps to. All are guesses with a reason; `validity` in a scenario sets others.

    Attributes:
        teleports: Of all planned vehicles that drove, at most this share may have been moved by SUMO because they stood
            too long (runs that flow stay below 1 %, evenings of the demo in a cloudburst at 1-3 %, gridlock above 5 %
            within the hour).
        waiting: At the end, at most this share of the planned trips may still wait for room to enter.
        late: At most this share of all planned trips may have waited a quarter of an hour for room to enter: with more
            than such a queue outside, the demand does not fit the network.
        standing: Over the last quarter of an hour, at most this mean share of the vehicles on the road may stand (red
            lights alone make 15-35 %).
        locked: Never may more than this share stand for 10 minutes on end: each signal shows several greens in that
            time, so that nobody can go.
        cost: Vehicle-seconds on the road, the first 20 vehicles left out, at most this many times those of the whole
            demand on empty roads. SUMO's work grows with them; at 10 everybody drives a tenth of free speed, far below
            the HCM's worst urban street (30 %). Counted, not timed: the same on every machine.
        stop_early: End a run as soon as it cannot become valid any more.
    """

    teleports: float = 0.03
    waiting: float = 0.10
    late: float = 0.10
    standing: float = 0.65
    locked: float = 0.95
    cost: float = 10.0
    stop_early: bool = True


STANDING_OVER_S = 900.0
LATE_S = 900.0
LOCKED_S = 600.0
APART_S = 150.0
"""Looks further apart say nothing of what lies between them."""


@dataclass(frozen=True)
class Validity:
    """What the watchdog saw.

    Attributes:
        valid: No limit was passed.
        reasons: One sentence for each that was.
        teleports: Vehicles that SUMO moved because they stood too long, counted each time.
        waiting_to_enter: Trips that were due and found no room before the end.
        shut_in: Trips that were due and could not begin because their street was shut (water, a closure): no fault of
            the simulation, but they are not on the road either.
        standing_share: Mean share of vehicles standing in the last 15 minutes.
        stopped_s: When it was stopped, s after the run's start; None if it ran to its end.
    """

    valid: bool
    reasons: tuple[Sentence, ...]
    teleports: int
    waiting_to_enter: int
    standing_share: float
    stopped_s: float | None = None
    shut_in: int = 0


class Watchdog:
    """Watches one run; works on counts alone, so on libsumo as on SUMO's summary output.

    Args:
        planned: Trips that are due before the end.
        free_s: Vehicle-seconds of the whole demand on empty roads; None: cost is not watched.
        limits: What to keep to.

    Attributes:
        looks: Every look, in the order of WATCHED.
    """

    def __init__(self, planned: int, free_s: float | None = None, limits: Limits | None = None) -> None:
        self.limits, self.planned, self.free_s = limits or Limits(), planned, free_s
        self.looks: list[tuple[float, int, int, int, int, int, int]] = []
        self._found: dict[str, Sentence] = {}
        self._locked_since: float | None = None
        self._seen_s, self._spent_s = 0.0, 0.0

    @property
    def reasons(self) -> tuple[Sentence, ...]:
        """What was found so far; nothing is ever taken back."""
        return tuple(self._found.values())

    def look(
        self, time_s: float, *, inserted: int, waiting: int, late: int, teleports: int, running: int, standing: int
    ) -> tuple[Sentence, ...]:
        """Take the counts of this moment; returns `reasons`: if there are any, the run is lost.

        Args:
            time_s: Now, since the run's start; looks come in order.
            inserted: Planned trips that have entered.
            waiting: Planned trips that wait for room to enter now.
            late: Planned trips that had ever waited LATE_S by now.
            teleports: Since the start.
            running: Vehicles on the road now.
            standing: Of them, those that stand (below 0.1 m/s).
        """
        self.looks.append((float(time_s), inserted, waiting, late, teleports, running, standing))
        if teleports > self.limits.teleports * max(self.planned, 1):
            self._tell("teleports", _teleports(teleports, self.planned, self.limits))
        if late > self.limits.late * max(self.planned, 1):
            self._tell("late", _late(late, self.planned, self.limits))
        self._look_at_standstill(time_s, running, standing)
        self._spent_s += max(running - FEW, 0) * (time_s - self._seen_s)
        self._seen_s = time_s
        if self.free_s is not None and self._spent_s > self.limits.cost * self.free_s:
            self._tell("cost", _cost(self._spent_s / max(self.free_s, 1.0), self.limits))
        return self.reasons

    def _look_at_standstill(self, time_s: float, running: int, standing: int) -> None:
        if time_s - self._seen_s > APART_S or running < FEW or standing <= self.limits.locked * running:
            self._locked_since = None
        elif self._locked_since is None:
            self._locked_since = time_s
        elif time_s - self._locked_since >= LOCKED_S:
            self._tell("locked", _locked(standing, running, self.limits))

    def _tell(self, key: str, reason: Sentence) -> None:
        self._found.setdefault(key, reason)


def judge(
    *,
    planned: int,
    inserted: int,
    waiting: int,
    teleports: int,
    standing_share: float,
    limits: Limits | None = None,
    seen: tuple[Sentence, ...] = (),
    stopped_s: float | None = None,
    shut_in: int = 0,
) -> Validity:
    """The verdict on a run that is over.

    Args:
        planned: Trips that were due before the end.
        inserted: Of them, those that entered.
        waiting: Of them, those that wait at the end.
        teleports: Since the start.
        standing_share: Mean over the last 15 minutes; not looked at in a run that was stopped.
        limits: What to hold it against.
        seen: What the watchdog found on the way.
        stopped_s: When it was stopped early.
        shut_in: Of those planned, how many could not begin because their street was shut; told, not judged.
    """
    limits = limits or Limits()
    reasons = list(seen)
    if stopped_s is not None:
        minutes = round(stopped_s / 60)
        reasons.append(say(f"stopped after {minutes} min", f"于第{minutes}分钟停止"))
    else:
        if teleports > limits.teleports * max(inserted, 1):
            told = _teleports(teleports, inserted, limits)
            reasons = [told, *(one for one in reasons if "teleports" not in one["en"])]
        if waiting > limits.waiting * max(planned, 1):
            reasons.append(_waiting(waiting, planned, limits))
        if standing_share > limits.standing:
            reasons.append(_standing(standing_share, limits))
    return Validity(not reasons, tuple(reasons), teleports, waiting, standing_share, stopped_s, shut_in)


def _teleports(teleports: int, vehicles: int, limits: Limits) -> Sentence:
    return say(
        f"{teleports} teleports for {vehicles} vehicles: more than {limits.teleports:.0%}",
        f"{vehicles}辆车中发生{teleports}次瞬移：超过{limits.teleports:.0%}",
    )


def _waiting(waiting: int, planned: int, limits: Limits) -> Sentence:
    return say(
        f"{waiting} of {planned} trips found no room to enter: more than {limits.waiting:.0%}",
        f"{planned}次出行中有{waiting}次因无空间而未能驶入路网：超过{limits.waiting:.0%}",
    )


def _standing(share: float, limits: Limits) -> Sentence:
    return say(
        f"{share:.0%} of the vehicles stood in the last 15 minutes: more than {limits.standing:.0%}",
        f"最后15分钟有{share:.0%}的车辆停滞：超过{limits.standing:.0%}",
    )


def _late(late: int, planned: int, limits: Limits) -> Sentence:
    return say(
        f"{late} of {planned} trips could not enter within 15 minutes: more than {limits.late:.0%}",
        f"{planned}次出行中有{late}次在15分钟内未能驶入路网：超过{limits.late:.0%}",
    )


def _locked(standing: int, running: int, limits: Limits) -> Sentence:
    return say(
        f"gridlock: {standing} of {running} vehicles stood, more than {limits.locked:.0%} for 10 minutes on end",
        f"交通锁死：{running}辆车中{standing}辆静止，连续10分钟超过{limits.locked:.0%}",
    )


def _cost(times: float, limits: Limits) -> Sentence:
    return say(
        f"runaway cost: {times:.2g} times the vehicle-seconds of the whole demand on empty roads, "
        f"more than {limits.cost:g}",
        f"计算量失控：车辆·秒数达全部需求在空路上的{times:.2g}倍，超过{limits.cost:g}倍",
    )
