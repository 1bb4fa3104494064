"""`Change`: something that a branch of a live city does differently."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

AfterStep = Callable[[Any], None]
"""Something to do after every step, given libsumo."""


class Change(ABC):
    """A frozen dataclass of plain values."""

    @abstractmethod
    def carry_out(self, sumo: Any) -> AfterStep | None:
        """Do it, at the moment of the branch, through libsumo.

        Returns:
            What is to be done after every step, or None.
        """

    @property
    def words(self) -> str:
        """What it does, in words."""
        fields = ", ".join(f"{name} {value}" for name, value in vars(self).items())
        return f"{type(self).__name__} ({fields})"
