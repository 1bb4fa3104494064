"""A wave: every signal of a route, each with its handover, and what each of them gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.emergency.greenwave.arrival import Arrival, discharge_s
from models.emergency.greenwave.handover import PRICE, Handover, plan_handover
from models.emergency.greenwave.rhythm import Rhythm


@dataclass(frozen=True)
class Yield:
    """One signal of a wave.

    Attributes:
        arrival: What it was asked.
        handover: What it shows; None where it cannot yield, `why` then says so.
        gain_s: Red and queue that the vehicle would meet in the plan as it is, less what is left of it, s, for an
            arrival halfway between the soonest and the latest.
        why: "" where it yields.
    """

    arrival: Arrival
    handover: Handover | None
    gain_s: float
    why: str = ""


@dataclass(frozen=True)
class Wave:
    """The signals of a route in the order of travel."""

    signals: tuple[Yield, ...]

    def cheapest(self, count: int) -> tuple[str, ...]:
        """The `count` signals that gain most, in the order of travel: a wave that asks less of others."""
        able = sorted((one for one in self.signals if one.handover), key=lambda one: -one.gain_s)[:count]
        return tuple(one.arrival.tls_id for one in self.signals if one in able)


def plan_wave(
    rhythms: Mapping[str, Rhythm], arrivals: Sequence[Arrival], now_s: float, *, price: float = PRICE
) -> Wave:  # fmt: skip
    """Plan every handover of a route from plans in step.

    Args:
        rhythms: By signal; who is not in it cannot yield.
        arrivals: In the order of travel, one for each signal (a signal that is passed twice yields once, the first
            time).
        now_s: When the vehicle is asked for, whole second of the clock.
        price: See `handover.PRICE`.
    """
    found, seen = list[Yield](), set[str]()
    for arrival in arrivals:
        rhythm = rhythms.get(arrival.tls_id)
        if arrival.tls_id in seen:
            found.append(Yield(arrival, None, 0.0, "passed before: it yields once"))
            continue
        seen.add(arrival.tls_id)
        if rhythm is None:
            found.append(Yield(arrival, None, 0.0, "its control cannot be held"))
            continue
        handover = plan_handover(rhythm, arrival, now_s, price=price)
        if handover is None:
            found.append(Yield(arrival, None, 0.0, "its plan never lets the vehicle go"))
            continue
        today = _wait_s(rhythm, arrival, _plan_steps(rhythm, now_s, handover.home_s + rhythm.cycle_s))
        found.append(Yield(arrival, handover, today - _wait_s(rhythm, arrival, handover.steps)))
    return Wave(tuple(found))


def _plan_steps(rhythm: Rhythm, now_s: float, end_s: float) -> tuple[tuple[float, float, str], ...]:
    number, since = rhythm.at(now_s)
    steps, at = list[tuple[float, float, str]](), now_s - since
    while at < end_s:
        beat = rhythm.beats[number]
        steps.append((max(at, now_s), at + beat.now_s, beat.state))
        at, number = at + beat.now_s, (number + 1) % len(rhythm.beats)
    return tuple(steps)


def _wait_s(rhythm: Rhythm, arrival: Arrival, steps: Sequence[tuple[float, float, str]]) -> float:
    """How long the vehicle waits: until its queue has had its green, and it is green."""
    serves = rhythm.serves(arrival.links, arrival.lane)
    green = {beat.state for beat, good in zip(rhythm.beats, serves, strict=True) if good}
    comes, left = (arrival.early_s + arrival.late_s) / 2, discharge_s(arrival.queue)
    for begin, end, state in steps:
        if state not in green:
            continue
        if begin + left >= end:
            left = max(0.0, left - (end - begin))
            continue
        if end > comes:
            return max(0.0, begin + left - comes)
        left = 0.0 if begin + left <= end else left
    return max(0.0, steps[-1][1] - comes) if steps else 0.0
