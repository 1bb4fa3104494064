"""Copies of a live city held against the city itself."""

from __future__ import annotations

from dataclasses import dataclass

from models.sumo.branch import Branch, Ended
from models.sumo.change import Change
from models.sumo.changes import SignalHeld, SpeedLimit
from models.sumo.positions import Positions
from models.sumo.warm import WarmCity
from networks.errors import BadInput

CHANGED = "changed"
CRAWL_MPS = 0.5


@dataclass(frozen=True)
class Verified:
    """What a comparison found.

    Attributes:
        moment: The city when it was copied.
        parent: The city itself at the end, undisturbed by its copies.
        children: Untouched copies.
        changed: The copy that was changed.
        change: What was changed in it.
    """

    moment: Positions
    parent: Positions
    children: tuple[Ended, ...]
    changed: Ended
    change: Change

    def equal(self, child: Ended) -> bool:
        """A child was a true copy at first, and at its end where the city itself is."""
        return child.before == self.moment and child.after == self.parent

    @property
    def holds(self) -> bool:
        """Every untouched child is equal, and the changed one was at first and is no longer."""
        other = self.changed.after is not None and self.changed.after.digest != self.parent.digest
        return all(map(self.equal, self.children)) and self.changed.before == self.moment and other


def verify_copies(city: WarmCity, n: int, horizon_s: float, *, at_once: int | None = None) -> Verified:
    """Copy a city n times and once more with a change, and run all copies and the city itself for a while.

    The change holds the busiest signal in its phase; in a city without signals all crawl on the fullest road.

    Args:
        city: Already at the moment of the copies.
        n: Untouched copies, at least 1.
        horizon_s: How long they run, s; at least a second.
        at_once: How many run at a time; None is one per CPU.

    Raises:
        BadInput: Nothing could be seen: no copies, no time, or nobody on the roads, now or at the end.
        EngineFailed: SUMO stopped in the city itself.
    """
    if n < 1:
        raise BadInput(f"{n} copies", expected="1 or more")
    if not horizon_s >= 1.0:
        raise BadInput(f"a horizon of {horizon_s:g} s shows nothing", expected="1 s or more")
    moment, end_s = city.now, city.now.time_s + horizon_s
    _somebody(moment)
    change = _change(city)
    branches = [Branch(f"child {k}", end_s) for k in range(1, n + 1)]
    branches.append(Branch(CHANGED, end_s, (change,)))
    *children, changed = city.fork(branches, at_once=at_once, step_until=end_s)
    _somebody(city.now)
    return Verified(moment, city.now, tuple(children), changed, change)


def _somebody(positions: Positions) -> None:
    if not positions.vehicles:
        raise BadInput(
            f"there are no vehicles left at {positions.time_s:g} s: equal copies of empty roads say nothing",
            remedy="copy the city at a moment, and for a horizon, with traffic (--warm, --horizon)",
        )


def _change(city: WarmCity) -> Change:
    seen = city.look()
    if seen["busiest_signal"] is not None:
        return SignalHeld(seen["busiest_signal"])
    return SpeedLimit(seen["fullest_edge"], CRAWL_MPS)
