"""Advice whose trouble is over: undecided, it is withdrawn; carried out, its way back is put before the operators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from networks.errors import Refused
from networks.sentence import Sentence, say
from twin.cycle import Picture, Turn

if TYPE_CHECKING:
    from twin.alarms import AlarmBook
    from twin.desk import Desk, DeskEntry

BY = "live loop"
GONE = timedelta(minutes=15)
"""What was not found for so long is over, as alarms have it: three cycles."""
AGAIN = timedelta(minutes=30)
"""A closure is asked about after so long, trouble or not, and whatever stands is asked about again."""
KEPT = timedelta(hours=24)
"""Older recommendations are nobody's business any more."""

_OVER = say("nothing of what it was for was found for 15 min", "15 分钟内未再发现其所针对的险情")
_AGAIN_THERE = say("the trouble is there again", "险情再次出现")
_UNDONE = say("it is undone already", "已恢复")
_LOOK = say(
    "closed for 30 min: where nobody drives no count tells whether the way is free, somebody has to look",
    "已封闭 30 分钟：无车通行处无法由计数判断道路是否畅通，须现场确认",
)


@dataclass
class StandingDown:
    """Looks in each cycle at what was advised in the last day.

    Attributes:
        desk: Where recommendations lie; those that name no findings (`rests_on_findings`) are left alone.
        alarms: What was found, and when last.
    """

    desk: Desk
    alarms: AlarmBook
    name: str = "stand-down"
    _told: set[str] = field(default_factory=set)

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture, with what has no way back.

        Raises:
            StorageFailed: The desk's book did not answer.
        """
        entries = self.desk.entries(since=turn.now - KEPT)
        found = [one for alarm in self.alarms.alarms(standing=True) for one in alarm.findings]
        there = {one.key for one in found if turn.now - one.at < GONE}
        asked, told = _asked(entries), list[Sentence]()
        ends = {one.rec_id: why for one in entries if (why := _why_it_ends(one, there, turn.now)) is not None}
        for entry in entries:
            if entry.status == "approved" and entry.rec_id in ends:
                if turn.now - asked.get(entry.rec_id, _LONG_AGO) >= AGAIN:
                    told += self._offer(entry, ends[entry.rec_id])
            elif entry.status == "proposed" and (why := ends.get(entry.rec_id) or _why_no_offer(entry, entries, ends)):
                self.desk.withdraw(entry.rec_id, who=BY, why=why["en"], role="twin")
        return replace(picture, left_out=(*picture.left_out, *told))

    def _offer(self, entry: DeskEntry, why: Sentence) -> list[Sentence]:
        """What is told where there is no way back; once."""
        if not entry.document.get("before"):
            return []
        try:
            self.desk.offer_way_back(entry.rec_id, why=why, by=BY)
        except Refused as error:
            if entry.rec_id not in self._told:
                self._told.add(entry.rec_id)
                return [say(f"stand-down: {entry.rec_id}: {error.what}", f"解除：{entry.rec_id}：{error.what}")]
        return []


def _why_it_ends(entry: DeskEntry, there: Collection[str], now: datetime) -> Sentence | None:
    """Why something that was advised should end; None: it should not, or rests on no findings."""
    causes = entry.document.get("rests_on_findings", ())
    if not causes:
        return None
    return _OVER if not any(one in there for one in causes) else _LOOK if _closed_for_long(entry, now) else None


def _why_no_offer(entry: DeskEntry, entries: Sequence[DeskEntry], ends: Collection[str]) -> Sentence | None:
    """Why a way back that was offered is none any more; None: it still is one, or a person wants it."""
    if entry.kind != "rollback" or isinstance(entry.document.get("why"), str):
        return None
    undone = next((one for one in entries if one.rec_id == entry.document.get("undoes")), None)
    if undone is None:
        return None
    return _UNDONE if undone.status != "approved" else _AGAIN_THERE if undone.rec_id not in ends else None


_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _asked(entries: Iterable[DeskEntry]) -> dict[str, datetime]:
    """When the way back of each was last offered."""
    found: dict[str, datetime] = {}
    for one in entries:
        if one.kind == "rollback":
            undone = str(one.document.get("undoes"))
            found[undone] = max(one.created, found.get(undone, _LONG_AGO))
    return found


def _closed_for_long(entry: DeskEntry, now: datetime) -> bool:
    closes = any(one.get("kind") == "road_closure" and not one.get("open") for one in entry.action)
    return closes and entry.decision is not None and now - entry.decision.clock_at >= AGAIN
