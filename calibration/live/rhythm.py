"""The times by which a town is followed."""

from __future__ import annotations

from dataclasses import dataclass

from networks.errors import BadInput


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The times of a live town, s, and how many members it has.

    Attributes:
        lag_s: The anchor stands so far behind now.
        window_s: Counts of this time correct the demand.
        horizon_s: Members run so far beyond now.
        members: Copies.
        at_once: Copies that run at a time; None is one per CPU.
        limit_s: A member that takes longer (wall-clock) is ended and left out.
    """

    lag_s: float = 900.0
    window_s: float = 1800.0
    horizon_s: float = 3600.0
    members: int = 8
    at_once: int | None = None
    limit_s: float = 600.0

    def fits(self, period_s: float) -> None:
        """Refuse times that are no whole periods, and a town without members.

        Raises:
            BadInput: It says which.
        """
        for name in ("lag_s", "window_s", "horizon_s"):
            value = getattr(self, name)
            if value % period_s or value < 0:
                raise BadInput(f"{value:g} s", place=name, expected=f"whole periods of {period_s:g} s, 0 or more")
        if self.members < 1:
            raise BadInput(f"{self.members} members", expected="1 or more")
