"""What was carried out in the street: the followed town lives with it, and the desk knows what runs where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.sumo.change import Change
from models.sumo.diverted import Diverted
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import SignalPlan
    from twin.desk import Desk
    from twin.out import Letter, Mailroom

Known = tuple[float, Change]
ChangesOf = Callable[[Sequence[Mapping[str, Any]]], tuple[tuple[Change, ...], tuple[str, ...]]]


@dataclass
class Carried:
    """Reads what receivers say that they did.

    A receiver's "done" is believed here; whether it is true shows in the street (`twin outcome`).

    Attributes:
        desk: Told what each signal runs.
        mailroom: What left, and what was answered.
        changes_of: What interventions are in the simulation, and kinds that it cannot do.
        origin: Second 0 of the town's clock; with a zone.
        unknown: Kinds that the town lives without.
    """

    desk: Desk
    mailroom: Mailroom
    changes_of: ChangesOf
    origin: datetime
    unknown: tuple[str, ...] = ()
    _told: dict[str, str] = field(default_factory=dict)

    def known(self) -> tuple[Known, ...]:
        """Changes that hold, each with the second of the town's clock since which it does, oldest first.

        Of what was rolled back, signals stay: the way back is another plan.
        """
        found: list[Known] = []
        unknown: list[str] = []
        done = self._done()
        undone = {str(one.message.body["undoes"]): self._second(one) for one in done if one.message.body.get("undoes")}
        for letter in done:
            since_s = self._second(letter)
            changes, beyond = self.changes_of(_interventions(letter))
            over = undone.get(letter.message.rec_id, since_s) > since_s
            found += [(since_s, change) for change in changes if not (over and isinstance(change, Diverted))]
            unknown += beyond
        self.unknown = tuple(dict.fromkeys(unknown))
        return tuple(found)

    def by_recommendation(self) -> dict[str, tuple[float, tuple[Change, ...]]]:
        """When each recommendation began to be carried out (s of the town's clock), and all that it changed."""
        found: dict[str, tuple[float, tuple[Change, ...]]] = {}
        for letter in self._done():
            changes, _ = self.changes_of(_interventions(letter))
            since_s, before = found.get(letter.message.rec_id, (self._second(letter), ()))
            found[letter.message.rec_id] = (since_s, (*before, *changes))
        return found

    def plans(self) -> dict[str, SignalPlan]:
        """The plan that each signal runs since it was last told to, by signal; the desk is told of new ones."""
        from twin.advice import plans_of

        running: dict[str, tuple[SignalPlan, Letter]] = {}
        for letter in self._done():
            running |= {plan.tls_id: (plan, letter) for plan in plans_of(_interventions(letter))}
        for tls, (plan, letter) in running.items():
            if self._told.get(tls) != letter.message.key:
                self._tell(plan, letter)
                self._told[tls] = letter.message.key
        return {tls: plan for tls, (plan, _) in running.items()}

    def _tell(self, plan: SignalPlan, letter: Letter) -> None:
        """Tell the desk, unless it has heard of something later."""
        from twin.advice import plan_digest
        from twin.desk.assets import present

        asset, message = f"signal:{plan.tls_id}", letter.message
        with self.desk.book.read() as link:
            heard = present(link, asset)
        if heard is None or heard.at < letter.steps[-1].at:
            who = f"receiver {message.channel}"
            self.desk.asset_changed(asset, plan_digest(plan), who=who, rec_id=message.rec_id)

    @property
    def said(self) -> tuple[Sentence, ...]:
        """What the town lives without."""
        if not self.unknown:
            return ()
        kinds = ", ".join(self.unknown)
        return (say(f"traffic: carried out, but not simulated: {kinds}", f"交通：已执行但未仿真：{kinds}"),)

    def _second(self, letter: Letter) -> float:
        return (letter.steps[-1].at - self.origin).total_seconds()

    def _done(self) -> list[Letter]:
        """Letters that were carried out, in the order in which that was."""
        return sorted(self.mailroom.letters(("done",)), key=lambda one: (one.steps[-1].at, one.message.key))


def _interventions(letter: Letter) -> Sequence[Mapping[str, Any]]:
    told = letter.message.body.get("interventions", ())
    return [one for one in told if isinstance(one, Mapping)]
