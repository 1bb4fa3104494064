"""The stage of advice: what was found is searched for something better, and put before the operators."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from networks.errors import EngineFailed, TwinError
from networks.sentence import Sentence, say
from twin.cycle import Picture, Turn

if TYPE_CHECKING:
    from networks import SignalPlan
    from twin.alarms import Finding
    from twin.desk import Desk
    from twin.live.alarming import Alarming


AGAIN = timedelta(minutes=15)
"""After so long an alarm that still stands is searched again."""

MOST_S, IN_TIME = 110.0, 0.85
"""What a search may take at most (s; an incident is to be answered within two minutes), and of what is left."""


PLACED = 0.5
"""Nothing is searched for an incident that is more likely elsewhere: a way round the wrong street helps nobody."""


class Advises(Protocol):
    """Who searches."""

    def advise(self, findings: Sequence[Finding], turn: Turn, picture: Picture) -> Sequence[object]:
        """Search for `turn.left_s` at most."""

    def runs(self, plans: Mapping[str, SignalPlan]) -> None:
        """Signals that run other plans than the case's files say."""

    @property
    def documents(self) -> Sequence[Mapping[str, Any]]:
        """What the last search recommends, as JSON for the desk; none where nothing is better."""


@dataclass
class Advising:
    """Asks the adviser, and proposes what it found.

    Attributes:
        adviser: Who searches.
        alarming: Who found what in this cycle.
        desk: Where recommendations go.
        lock: Held while something is tried in the town: it must not move meanwhile.
        running: Says which signals run another plan than the case's files have, and tells the desk.
        proposed: Ids of the last cycle's recommendations.
    """

    adviser: Advises
    alarming: Alarming
    desk: Desk
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: Callable[[], Mapping[str, SignalPlan]] | None = None
    proposed: list[str] = field(default_factory=list)
    _asked: dict[str, datetime] = field(default_factory=dict)
    name: str = "advice"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture, with what could not be proposed.

        Raises:
            TwinError: The search failed.
        """
        self.proposed = []
        running = self.running() if self.running is not None else {}
        findings, unclear = [], []
        for one, confirmed in self._to_ask(turn.now):
            share = 1.0 if confirmed else placed(one, picture)
            if share >= PLACED:
                findings.append(one)
            else:
                unclear.append(_unclear(one, share))
        picture = replace(picture, left_out=(*picture.left_out, *unclear))
        if not findings:
            return picture
        self.adviser.runs(running)
        if not self.lock.acquire(timeout=1.0):
            raise EngineFailed("the town is in use")
        try:
            left_s = min(IN_TIME * turn.left_s, MOST_S)
            self.adviser.advise(findings, replace(turn, left_s=left_s), picture)
        finally:
            self.lock.release()
        refused = [told for document in self.adviser.documents if (told := self._propose(document, turn.run_id))]
        return replace(picture, left_out=(*picture.left_out, *refused))

    def _to_ask(self, now: datetime) -> list[tuple[Finding, bool]]:
        """Findings of this cycle in alarms that ask for somebody, each once in a while; and if it was confirmed."""
        fresh = {one.key for one in self.alarming.findings}
        worse = {one.alarm.alarm_id for one in self.alarming.changes if one.what in ("raised", "worse")}
        found: list[tuple[Finding, bool]] = []
        for alarm in self.alarming.alarms.alarms(standing=True):
            last = self._asked.get(alarm.alarm_id)
            due = alarm.alarm_id in worse or last is None or now - last >= AGAIN
            if alarm.raised and alarm.actionable and due:
                self._asked[alarm.alarm_id] = now
                confirmed = alarm.judgement is not None and alarm.judgement.verdict == "confirm"
                found += [(one, confirmed) for one in alarm.findings if one.key in fresh]
        return found

    def _propose(self, document: Mapping[str, Any], run_id: str) -> Sentence | None:
        """Why it is not on the desk, if so."""
        try:
            self.proposed.append(self.desk.propose({"run_id": run_id, **document}, by="live loop").rec_id)
        except TwinError as error:
            name = str(document.get("rec_id", "?"))
            return say(f"not proposed, {name}: {error.what}", f"未提出{name}：{error.what}")
        return None


def placed(finding: Finding, picture: Picture) -> float:
    """How likely it is that trouble is on its street and on no other; 1 where nobody doubts that."""
    for one in picture.verdicts:
        if finding.kind == "incident" and one.edge == finding.subject and one.places:
            return dict(one.places).get(one.edge, 0.0)
    return 1.0


def _unclear(finding: Finding, share: float) -> Sentence:
    street = finding.subject
    return say(
        f"advice: the incident is on {street} with {share:.0%} only: somebody has to look first",
        f"建议：事件位于{street}的可能性仅{share:.0%}，须先现场确认",
    )
