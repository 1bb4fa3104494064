"""When one signal hands over to a blue light and how it comes back: the cheapest lengths of its next beats."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from models.emergency.greenwave.arrival import Arrival
from models.emergency.greenwave.rhythm import HOLD_S, Rhythm

PRICE = 20.0
"""What a second in which the vehicle is not served costs, against (change of a green)^2 / its length, both in seconds.
This project's own choice: a green of 30 s is halved for a second at 7.5, so a second is worth two such changes."""
URGENT = 3.0
"""So much dearer is a second in which the vehicle itself may come than one in which those before it leave."""
CYCLES_HOME = 2
"""A signal is back in step so many cycles after the vehicle, or sooner."""


@dataclass(frozen=True)
class Handover:
    """What a signal shows from now until it is in step again.

    Attributes:
        tls_id: The signal.
        steps: (begin, end, state), s of the clock, without gaps.
        lengths_s: Whole length of each beat from the one that is shown on.
        served_s: Seconds of the wished green that it gives.
        wished_s: Seconds of green that were wished.
        home_s: When the plan runs in step again, or by itself.
        cost: Sum of (change of a beat)^2 / its length, and of what was not served at `PRICE`.
    """

    tls_id: str
    steps: tuple[tuple[float, float, str], ...]
    lengths_s: tuple[int, ...]
    served_s: float
    wished_s: float
    home_s: float
    cost: float


def plan_handover(
    rhythm: Rhythm, arrival: Arrival, now_s: float, *, beat: int | None = None, since_s: float = 0.0,
    offset_s: float | None = None, price: float = PRICE, red_s: dict[int, float] | None = None,
    stay_s: float = 0.0, spare_s: float = 0.0,
) -> Handover | None:  # fmt: skip
    """The cheapest way to serve a vehicle and come back into step, every beat within its legal lengths.

    Exact dynamic programming over (second, beat), as in COP (Sen & Head 1997, Controlled optimization of phases at an
    intersection, Transportation Science 31(1), 5-17), with the order of the plan kept: no stage is left out, so nobody
    is starved and nobody's green is cut below what the rules ask. A hold that would keep somebody waiting for longer
    than the rules allow is shortened until it does not. A plan without a clock goes on by itself from the first beat
    that begins when the vehicle has gone.

    Args:
        rhythm: Of the signal.
        arrival: Green is wished from its begin, queue discharge included, to its latest.
        now_s: Whole second of the clock from which lengths may change.
        beat: The beat that is shown now; None takes the plan in step.
        since_s: For how long it has been shown.
        offset_s: Of the plan; None takes its own.
        price: See `PRICE`.
        red_s: Link -> for how long it has been waiting now; None asks for the plan in step.
        stay_s: The beat that is shown lasts for so much longer at least.
        spare_s: Nobody waits until so much before the longest that is allowed: a beat may yet have to stay.

    Returns:
        None where the plan never lets the vehicle go, or no way leads back into step.
    """
    target = np.array(rhythm.serves(arrival.links, arrival.lane))
    if not target.any():
        return None
    if beat is None:
        beat, since = rhythm.at(now_s, offset_s)
        since_s = float(since)
    waited = red_s if red_s is not None else waited_s(rhythm, beat, since_s)
    hold: float | None = HOLD_S if arrival.late_s > arrival.begin_s else 0.0
    while True:
        found = _solved(rhythm, arrival, now_s, beat, round(since_s), offset_s, price, target, hold, stay_s)
        if found is None or hold is None:
            return found
        over = _longest_wait(found, waited) - rhythm.red_most_s + spare_s
        if over <= 1e-9:
            return found
        hold = max(0.0, hold - max(5.0, over)) if hold else None


def _solved(
    rhythm: Rhythm, arrival: Arrival, now_s: float, beat: int, since: int, offset_s: float | None, price: float,
    target: np.ndarray, hold: float | None, stay_s: float,
) -> Handover | None:  # fmt: skip
    from models.emergency.greenwave._kernels import cheapest

    least, most, now = (np.array([getattr(b, name) for b in rhythm.beats]) for name in ("least_s", "most_s", "now_s"))
    most = np.maximum(least, now) if hold is None else np.where(target & (least < most), most + round(hold), most)
    end = max(math.ceil(arrival.late_s - now_s), 0)
    begin = min(max(math.floor(arrival.begin_s - now_s), 0), end)
    seconds = end + (CYCLES_HOME + 1) * rhythm.cycle_s + since
    second = np.arange(-since, seconds - since + 1)
    early = min(max(math.floor(arrival.early_s - now_s), begin), end)
    lost = price * (np.clip(second - begin, 0, end - begin) + (URGENT - 1.0) * np.clip(second - early, 0, end - early))
    offset = rhythm.plan.offset_s if offset_s is None else offset_s
    into = np.round(now_s + second - offset).astype(int) % rhythm.cycle_s
    in_step = into[:, None] == np.array(rhythm.starts_s)[None, :]
    home = (in_step if rhythm.clocked else np.ones_like(in_step)) & (second >= end)[:, None]
    cost, length = cheapest(least, most, now, lost, target, home)
    stay = since + math.ceil(stay_s)
    first = _first(rhythm, cost, lost, beat, since, target, max(int(least[beat]), stay), max(int(most[beat]), stay))
    if first is None:
        return None
    return _walked(rhythm, now_s, beat, since, first, length, (begin, end), target)


def _first(
    rhythm: Rhythm, cost: np.ndarray, lost: np.ndarray, beat: int, since: int, target: np.ndarray, least: int,
    most: int,
) -> tuple[int, float] | None:  # fmt: skip
    """(length, cost) of the beat that is shown; it ends now at the soonest."""
    after, now = (beat + 1) % len(rhythm.beats), rhythm.beats[beat].now_s
    best: tuple[int, float] | None = None
    for d in range(least, most + 1):
        if d >= len(cost):
            break
        price = cost[d, after] + (d - now) ** 2 / now + (0.0 if target[beat] else lost[d] - lost[since])
        if math.isfinite(price) and (best is None or price < best[1]):
            best = d, float(price)
    return best


def _walked(
    rhythm: Rhythm, now_s: float, beat: int, since: int, first: tuple[int, float], length: np.ndarray,
    window: tuple[int, int], target: np.ndarray,
) -> Handover:  # fmt: skip
    steps, lengths, at, number, served = list[tuple[float, float, str]](), list[int](), 0, beat, 0.0
    d = first[0]
    while True:
        begin, end = at - since, at + d - since
        lengths.append(d)
        if end > 0:
            steps.append((now_s + max(begin, 0), now_s + end, rhythm.beats[number].state))
        if target[number]:
            served += max(0.0, min(end, window[1]) - max(begin, window[0], 0))
        at, number = at + d, (number + 1) % len(rhythm.beats)
        d = int(length[at, number])
        if d == 0:  # home, where the cost is nothing
            break
    wished = float(window[1] - window[0])
    return Handover(rhythm.plan.tls_id, tuple(steps), tuple(lengths), served, wished, now_s + at - since, first[1])


def waited_s(rhythm: Rhythm, beat: int, since_s: float) -> dict[int, float]:
    """For how long each link has been red, of the links that the plan ever lets go, where it has run in step."""
    found, count = dict[int, float](), len(rhythm.beats)
    for link in range(len(rhythm.beats[0].state)):
        back = next((n for n in range(count) if rhythm.beats[(beat - n) % count].state[link] in "GgyY"), None)
        if back is not None:  # else it is never green
            earlier = sum(rhythm.beats[(beat - n) % count].now_s for n in range(1, back))
            found[link] = since_s + earlier if back else 0.0
    return found


def _longest_wait(found: Handover, waited: dict[int, float]) -> float:
    """The longest red of any link until the plan is in step; what comes behind is the plan's own."""
    longest = 0.0
    for link, red in waited.items():
        for begin, end, state in found.steps:
            red = 0.0 if state[link] in "GgyY" else red + end - begin
            longest = max(longest, red)
    return longest
