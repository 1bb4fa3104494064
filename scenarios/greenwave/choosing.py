"""Which signals of a way take part: waves over fewer are driven from one past, and the best is judged on others."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from networks import Corridor
from scenarios.greenwave.judging import DEAR_S, Price, both_came, gaining, gains_of, price_of
from scenarios.greenwave.order import Drive, Told

Tried = tuple[tuple[str, ...], Drive]
"""Signals that hand over, in the order of travel, and the drive over them."""


@dataclass(frozen=True)
class Answer:
    """Which signals should hand over.

    Attributes:
        kept: In the order of travel; empty: none, blue light alone is best.
        chosen: Those that were best on the past that they were chosen on; empty where none was better than none.
        judged: What the chosen cost and gained on the pasts that judge them.
        fresh: Whether those are other pasts than the one that they were chosen on.
    """

    kept: tuple[str, ...]
    chosen: tuple[str, ...]
    judged: tuple[Price, ...]
    fresh: bool

    @property
    def gained(self) -> tuple[float, float]:
        """Mean share saved, of the pasts in which both came, and mean of what others lose more, s; NaN without any."""
        shares = [one.share for one in both_came(self.judged)]
        lost_s = [one.mean_s for one in self.judged]
        return fmean(shares) if shares else math.nan, fmean(lost_s) if lost_s else math.nan


def fewer_tried(
    corridor: Corridor, blue: Drive, found: Sequence[Tried], lanes_m: Mapping[str, float],
    drive_with: Callable[[tuple[str, ...]], Drive | None], most: int,
) -> list[Tried]:  # fmt: skip
    """Waves over fewer signals, each made in the first way of `_WAYS`, from the best so far, that leads to a new one.

    Args:
        corridor: The way.
        blue: Blue light alone.
        found: Waves that were driven, that over all signals among them.
        lanes_m: See `Told`.
        drive_with: Drives with these signals; None where that came to nothing.
        most: Drives.
    """
    every, seen = list(found), {frozenset(kept) for kept, _ in found}
    for _ in range(most):
        ranked = sorted(every, key=lambda one: _rank(one[1], blue, lanes_m))
        new = (kept for way in _WAYS for one in ranked if (kept := way(corridor, one, blue)))
        kept = next((one for one in new if frozenset(one) not in seen), ())
        if not kept:
            break
        seen.add(frozenset(kept))
        if (drive := drive_with(kept)) is not None:
            every.append((kept, drive))
    return every[len(found) :]


def _to_the_largest_lead(corridor: Corridor, tried: Tried, blue: Drive) -> tuple[str, ...]:
    """Up to the stop line where its lead over blue light alone is largest, none where it never leads."""
    kept, drive = tried
    lead = {n: blue.passed_s[n] - at for n, at in drive.passed_s.items() if n in blue.passed_s}
    if not lead or max(lead.values()) <= 0:
        return ()
    last = max(lead, key=lambda n: (lead[n], -n))
    front = {stop.tls_id for stop in corridor.stops[: last + 1]}
    return tuple(tls for tls in kept if tls in front)


def _without_losers(corridor: Corridor, tried: Tried, blue: Drive) -> tuple[str, ...]:
    gains = gains_of(corridor, tried[1], blue)
    return tuple(tls for tls in tried[0] if gains.get(tls, -math.inf) >= 0)


def _better_half(corridor: Corridor, tried: Tried, blue: Drive) -> tuple[str, ...]:
    return tuple(tls for tls in gaining(corridor, tried[1], blue) if tls in tried[0])


def _without_the_worst(corridor: Corridor, tried: Tried, blue: Drive) -> tuple[str, ...]:
    gains = gains_of(corridor, tried[1], blue)
    worst = min(tried[0], key=lambda tls: gains.get(tls, -math.inf))
    return tuple(tls for tls in tried[0] if tls != worst)


_WAYS = (_to_the_largest_lead, _without_losers, _better_half, _without_the_worst)


def _rank(drive: Drive, blue: Drive, lanes_m: Mapping[str, float]) -> tuple[bool, float, float]:
    price = price_of(drive, blue, lanes_m)
    return price.too_dear, drive.travel_s if math.isfinite(drive.travel_s) else math.inf, price.mean_s


def best_of(told: Told) -> tuple[str, ...]:
    """The signals of the quickest wave that is not too dear; none where each is, or nothing was driven."""
    blue = told.blue
    if told.wave is None or blue is None:
        return ()
    every = [(tuple(told.wave.shown), told.wave), *told.fewer]
    kept, drive = min(every, key=lambda one: _rank(one[1], blue, told.lanes_m))
    return () if price_of(drive, blue, told.lanes_m).too_dear else kept


def answer_of(found: Sequence[Told]) -> Answer:
    """The answer of several pasts: chosen on the first that came to something, judged on those after it.

    Those have to have driven the chosen too (`Call.also`); one where these signals are not on the way judges nothing.
    """
    whole = [one for one in found if one.wave is not None and one.blue is not None]
    chosen, judges = best_of(whole[0]) if whole else (), whole[1:]
    drives = ((one, drive_of(one, chosen)) for one in judges or whole[:1])
    prices = tuple(
        price_of(drive, one.blue, one.lanes_m, one.least_s) for one, drive in drives if drive and one.blue is not None
    )
    answer = Answer(chosen, chosen, prices, bool(judges))
    return answer if _worth(answer) else replace(answer, kept=())


def drive_of(told: Told, kept: Collection[str]) -> Drive | None:
    """The drive over these signals; None where there is none."""
    every = ((tuple(told.wave.shown), told.wave), *told.fewer) if told.wave is not None else ()
    return next((drive for signals, drive in every if set(signals) == set(kept)), None)


def _worth(answer: Answer) -> bool:
    """Whether the vehicle comes each time, gains on average, and others lose no more than `DEAR_S` on average."""
    if not answer.judged or any(not math.isfinite(one.travel_s) for one in answer.judged):
        return False
    share, mean_s = answer.gained
    return not share <= 0.0 and mean_s <= DEAR_S
