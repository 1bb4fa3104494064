"""A candidate of a search: something that could be done, and its name in the languages of the operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Candidate(Generic[Thing]):
    """Something to try.

    Attributes:
        name: English name, unique in its search.
        zh: Chinese name.
        what: What is tried; None for the state of things.
    """

    name: str
    zh: str
    what: Thing | None

    @property
    def title(self) -> dict[str, str]:
        """Both names."""
        return {"en": self.name, "zh": self.zh}
