"""A stage: groups that are green together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """Groups that are green together.

    Attributes:
        name: Its name at this controller.
        groups: Names of its groups, in the controller's order.
        min_green_s: Least seconds in which all of them are green.
    """

    name: str
    groups: tuple[str, ...]
    min_green_s: float
