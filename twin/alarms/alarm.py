"""`Alarm`: findings of one cause, as a seat sees them; `Change`: what a cycle did to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from networks.sentence import Sentence
from twin.alarms.finding import LEVELS, Finding

JUDGEMENTS = ("confirm", "false", "unsure")
CHANGES = ("watched", "raised", "worse", "better", "cleared")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person made of an alarm; `verdict` is one of JUDGEMENTS."""

    verdict: str
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """Findings that have one cause.

    Attributes:
        alarm_id: Its id.
        findings: The newest word of each finding in it, the cause first.
        level: One of LEVELS: the worst of the last cycles, so that it does not flicker.
        first_seen: When the first of them was found, by the live clock.
        last_seen: When one was found last.
        begins: When the trouble begins, or began, by its earliest word.
        raised: When it was put before people; None while it is only watched.
        asked: When it first asked somebody to act; None where it never did.
        there: Since when the trouble itself was there, by the twin's own word; None while it is only coming.
        cleared: When it was over; None while it stands.
        shelved_until: Somebody wants to hear no more of it until then, unless it gets worse.
        judgement: What a person made of it last.
        actionable: Somebody has to act on it now: raised, not over, not shelved, and of the level that asks for it.
    """

    alarm_id: str
    findings: tuple[Finding, ...]
    level: str
    first_seen: datetime
    last_seen: datetime
    begins: datetime
    raised: datetime | None = None
    asked: datetime | None = None
    there: datetime | None = None
    cleared: datetime | None = None
    shelved_until: datetime | None = None
    judgement: Judgement | None = None
    actionable: bool = False

    @property
    def head(self) -> Finding:
        """The finding that explains the others."""
        return self.findings[0]

    @property
    def kind(self) -> str:
        """Of its head."""
        return self.head.kind

    @property
    def subject(self) -> str:
        """Of its head."""
        return self.head.subject

    @property
    def text(self) -> Sentence:
        """Of its head."""
        return self.head.text

    @property
    def severity(self) -> int:
        """1 (level IV) to 4 (level I)."""
        return LEVELS.index(self.level) + 1

    @property
    def edges(self) -> tuple[str, ...]:
        """Streets that any of its findings touches, each once."""
        return tuple(dict.fromkeys(edge for one in self.findings for edge in one.edges))

    @property
    def state(self) -> str:
        """One of "watched", "raised", "cleared"."""
        return "cleared" if self.cleared else "raised" if self.raised else "watched"


@dataclass(frozen=True, slots=True)
class Change:
    """What a cycle did to an alarm; `what` is one of CHANGES."""

    what: str
    alarm: Alarm
