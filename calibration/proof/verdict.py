"""What one criterion says of a model: passed, failed, or not assessable with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say

PASS, FAIL, NOT_ASSESSABLE = "pass", "fail", "not assessable"
STATES = (PASS, FAIL, NOT_ASSESSABLE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One criterion and how the model stands to it.

    Attributes:
        guide: Whose criterion: `TAG M3.1`, `FHWA 2004`, `FHWA 2019`, or `citytwin` for our own.
        name: What is judged.
        state: Of STATES.
        asked: What would pass.
        figure: What was found; empty where not assessable.
        source: Document and table.
        reason: Why it is not assessable; None otherwise.
    """

    guide: str
    name: Sentence
    state: str
    asked: Sentence
    figure: Sentence
    source: str
    reason: Sentence | None = None

    def __post_init__(self) -> None:
        """Refuse a state that nobody knows, and silence about why something cannot be assessed."""
        if self.state not in STATES or (self.state == NOT_ASSESSABLE) != (self.reason is not None):
            raise ValueError(f"a verdict {self.state!r} with reason {self.reason!r}")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a guideline asks, before anything was found.

    Attributes:
        guide: Whose criterion.
        name: What is judged.
        asked: What would pass.
        source: Document and table.
    """

    guide: str
    name: Sentence
    asked: Sentence
    source: str

    def found(self, passed: bool, figure: Sentence) -> Verdict:
        """The verdict where it could be judged."""
        return Verdict(self.guide, self.name, PASS if passed else FAIL, self.asked, figure, self.source)

    def missing(self, reason: Sentence) -> Verdict:
        """The verdict where it could not."""
        return Verdict(self.guide, self.name, NOT_ASSESSABLE, self.asked, say("", ""), self.source, reason)


def percent(share: float, of: int, things: tuple[str, str]) -> Sentence:
    """A share as people read it: `64 % of 25 links`."""
    return say(f"{100 * share:.0f} % of {of} {things[0]}", f"{of}{things[1]}中的{100 * share:.0f}%")


def signed(share: float) -> Sentence:
    """A relative difference as people read it: `+3.1 %`."""
    return say(f"{100 * share:+.1f} %", f"{100 * share:+.1f}%")
