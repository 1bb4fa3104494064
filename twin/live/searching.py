"""The stage of advice of a replayed evening: the search that the moment asks for, put before the operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from networks.sentence import Sentence, say
from twin.cycle import Picture, Turn
from twin.live.advisor import Moment, Recommender

if TYPE_CHECKING:
    from twin.desk import Desk
    from twin.live.evening import Evening
    from twin.out.proposals import Proposals


@dataclass
class Searching:
    """Asks who recommends.

    Attributes:
        recommender: Who searches.
        evening: What was simulated in this cycle.
        desk: Where recommendations go.
        proposals: And out from here.
        proposed: Ids of the last cycle's recommendations.
        said: What the last search came to.
    """

    recommender: Recommender
    evening: Evening
    desk: Desk
    proposals: Proposals
    proposed: list[str] = field(default_factory=list)
    said: Sequence[Sentence] = ()
    name: str = "advice"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture, with what could not be delivered.

        Raises:
            TwinError: The search failed.
        """
        self.proposed, self.said = [], ()
        cycle = self.evening.cycle
        self.proposals.work()
        if cycle is None or cycle.made_at != turn.now:
            return picture
        moment = Moment(turn.now, cycle.scenario, cycle.ensemble, cycle.fields, self.evening.open_calls(turn.now))
        advice = self.recommender.advise(moment)
        self.said = [say(en, zh) for en, zh in advice.said]
        told = list[Sentence]()
        for recommendation in advice.recommendations:
            document: dict[str, Any] = {"run_id": turn.run_id, **recommendation.to_json()}
            self.proposed.append(self.desk.propose(document, by="live loop").rec_id)
            told += [
                say(f"out: not delivered ({letter.message.channel}), tried again: {letter.last.detail}",
                    f"下发：推送失败（{letter.message.channel}），将重试：{letter.last.detail}")
                for letter in self.proposals.publish(document) if letter.state != "taken"
            ]  # fmt: skip
        return replace(picture, left_out=(*picture.left_out, *told))
