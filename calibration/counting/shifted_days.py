"""Days that lie whole hours beside the others: wrong time zones."""

from __future__ import annotations

import numpy as np

from calibration.counting.seen import FloatRows, Seen
from calibration.counting.series import middle
from networks.sentence import say

_LONGEST_SHIFT_H = 14
_AT_LEAST = 6


def shifted_hours(seen: Seen, before: FloatRows | None = None) -> None:
    """A day that lies whole hours beside the day of the others (or its own, earlier one): a wrong time zone.

    Moved, it has to fit as well as those of honest sensors do: a street of the evening alone is no late morning.

    Args:
        seen: The counts.
        before: Counts of an earlier day with the right time (S, T), or None.
    """
    steps = 3600.0 / seen.period_s
    if len(seen.names) < 5 or abs(steps - round(steps)) > 1e-9 or seen.values.shape[1] < 12 * steps:
        return
    step = round(steps)
    levels = np.nanmean(np.where((seen.values > 0).any(axis=1, keepdims=True), seen.values, np.nan), axis=1)
    shapes = np.sqrt(seen.values / levels[:, None])
    usual = None if before is None else np.sqrt(before / np.maximum(np.nanmean(before, axis=1), 1e-9)[:, None])
    found: list[tuple[int, int, float, float]] = []
    for row in range(len(seen.names)):
        day = middle(shapes, [r for r in range(len(seen.names)) if r != row]) if usual is None else usual[row]
        found.append((row, *_best_shift(shapes[row], day, step)))
    known = [still for _, _, _, still in found if still == still]
    fits = 1.5 * float(np.median(known)) if known else 0.0
    for row, hours, best, still in found:
        if not hours or best > 0.4 * still or best > fits:
            continue
        if usual is None and not _alike_when_moved(shapes, row, -hours * step):
            continue
        reason = say(
            f"its day lies {hours:+d} h beside that of the others (misfit {still:.3f} as it stands, {best:.3f} moved)",
            f"其日变化与其他传感器相差 {hours:+d} 小时（原误差 {still:.3f}，平移后 {best:.3f}）",
        )
        seen.note(
            row, "time_zone", "repaired", int((~np.isnan(seen.values[row])).sum()), f"{hours:+d} h", "0 h", reason
        )
        for table in (seen.values, seen.speeds_mps):
            table[row] = moved(table[row], -hours * step)


def _alike_when_moved(shapes: FloatRows, row: int, steps: int) -> bool:
    """Whether many more sensors are like one when it is moved than as it stands.

    Streets of the morning alone have their like, and so have those of the evening; a clock that is wrong has not.
    """
    others = np.delete(shapes, row, axis=0)
    apart = np.nanvar(others[:, None] - others[None], axis=2)
    close = 2.0 * float(np.median(np.partition(apart, 1, axis=1)[:, 1]))
    as_it_is, then = (
        int((np.nanvar(others - own, axis=1) < close).sum()) for own in (shapes[row], moved(shapes[row], steps))
    )
    return then > 2 * as_it_is + 2


def moved(own: FloatRows, steps: int) -> FloatRows:
    """A series some periods later (earlier where negative), with gaps where nothing is known."""
    out = np.full_like(own, np.nan)
    if steps >= 0:
        out[steps:] = own[: len(own) - steps]
    else:
        out[:steps] = own[-steps:]
    return out


def _best_shift(own: FloatRows, day: FloatRows, step: int) -> tuple[int, float, float]:
    """By how many hours a series is late against the day, its misfit then, and as it stands."""
    misfit = {}
    for hours in range(-_LONGEST_SHIFT_H, _LONGEST_SHIFT_H + 1):
        there = moved(own, -hours * step)
        both = ~np.isnan(there) & ~np.isnan(day)
        if both.sum() >= 0.5 * min((~np.isnan(own)).sum(), (~np.isnan(day)).sum()) and both.sum() >= _AT_LEAST:
            misfit[hours] = float(np.var(there[both] - day[both]))
    if 0 not in misfit:
        return 0, float("nan"), float("nan")
    best = min(misfit, key=lambda hours: (misfit[hours], abs(hours)))
    return best, misfit[best], misfit[0]
