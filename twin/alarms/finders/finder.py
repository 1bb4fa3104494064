"""`Finder`: looks at a picture and says what trouble there is, or is coming, of one kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from networks.errors import TwinError
from networks.sentence import Sentence, say
from twin.alarms.finding import Finding
from twin.cycle import Picture


class Finder(Protocol):
    """Looks for one kind of trouble."""

    @property
    def kind(self) -> str:
        """One of `twin.alarms.KINDS`."""

    def find(self, picture: Picture) -> list[Finding]:
        """All that is wrong in a picture; nothing where the picture lacks what it looks at.

        Raises:
            TwinError: It could not look; the others go on.
        """


def found(finders: Iterable[Finder], picture: Picture) -> tuple[list[Finding], list[Sentence]]:
    """What all finders found, and which of them failed and why."""
    findings: list[Finding] = []
    failed: list[Sentence] = []
    for one in finders:
        try:
            findings += one.find(picture)
        except TwinError as error:
            failed.append(say(f"nobody looked for {one.kind}: {error}", f"未能检查{one.kind}：{error}"))
    return findings, failed
