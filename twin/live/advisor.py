"""What could be done now: the searches that fit the moment, each judged on seeds it never saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from networks import City
    from scenarios import Ensemble, Executor, Proposal, Recommendation, Scenario, Store
    from twin.live.fields import LiveFields

LEARN_SEED = 71_001
VALID = timedelta(minutes=15)
DEEP_M = 0.15
MOST_CLOSED = 12


@dataclass(frozen=True)
class Moment:
    """What an adviser is told.

    Attributes:
        now: With a zone.
        scenario: The forecast's scenario: what was seen and what is expected.
        base: Its ensemble, as it is.
        fields: What that ensemble says.
        open_calls: Ids of calls that nobody has reached yet.
    """

    now: datetime
    scenario: Scenario
    base: Ensemble
    fields: LiveFields
    open_calls: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """What an adviser found: recommendations, and a sentence per search for the log (English, Chinese)."""

    recommendations: list[Recommendation] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)


class Recommender(Protocol):
    """Finds something better than the state of things, if there is."""

    def advise(self, moment: Moment) -> Advice:
        """Look for actions; takes as long as it takes, the live clock waits or goes on without it."""


class SearchRecommender:
    """Runs one search per cycle, the one that the moment asks for, and judges it on the forecast's own seeds.

    New calls come first, then water on roads in use, then a crowd that is about to move, then signals.

    Args:
        city: Where.
        store: Where runs land.
        executor: Workers.
        signals: Also search signal timings, which takes longest.
    """

    def __init__(self, city: City, store: Store, executor: Executor, *, signals: bool = True) -> None:
        self.city, self.store, self.executor, self.signals = city, store, executor, signals
        self._done: dict[str, datetime] = {}

    def due(self, moment: Moment) -> str | None:
        """The kind of search that the moment asks for, or None."""
        from scenarios import Event

        asked: dict[str, str] = {}
        if moment.open_calls:
            asked["emergency_route"] = " ".join(moment.open_calls)
        wet = flooded_in_use(self.city, moment)
        if wet:
            asked["road_closure"] = "wet"
        if moment.scenario.of(Event):
            asked["visitor_guidance"] = " ".join(event.name for event in moment.scenario.of(Event))
            if self.signals:
                asked["signal_timing"] = "event"
        for kind, subject in asked.items():
            last = self._done.get(f"{kind} {subject}")
            if last is None or moment.now - last >= VALID:
                self._done[f"{kind} {subject}"] = moment.now
                return kind
        return None

    def advise(self, moment: Moment) -> Advice:
        """Run the search that is due, judge what it found, and recommend it only when it is better beyond doubt."""
        from scenarios import judge
        from viz.text import words

        kind = self.due(moment)
        if kind is None:
            return Advice()
        kind_zh = words(f"kind.{kind}")["zh"]
        proposal = self._search(kind, moment)
        if proposal is None or not proposal.action:
            return Advice(
                said=[(f"searched {kind}: nothing better than the state of things", f"搜索{kind_zh}：没有更好的方案")]
            )
        seeds = tuple(run.seed for run in moment.base.runs)
        study = judge(
            self.city,
            moment.scenario,
            [proposal],
            seeds,
            self.store,
            self.executor,
            created=moment.now.astimezone(moment.scenario.period.begin.tzinfo),
            valid=VALID,
        )
        better = [rec for rec in study.recommendations if rec.effect.verdict == "better"]
        if better:
            return Advice(better, [(f"recommended: {r.title['en']}", f"建议：{r.title['zh']}") for r in better])
        verdicts = ", ".join(sorted({rec.effect.verdict for rec in study.recommendations})) or "not comparable"
        return Advice(
            said=[(f"searched {kind}: {verdicts}, so nothing is recommended", f"搜索{kind_zh}：无法确认更好，不作建议")]
        )

    def _search(self, kind: str, moment: Moment) -> Proposal | None:
        from scenarios import Bench, propose_dispatch, propose_guidance, propose_signals

        if kind == "road_closure":
            return propose_closures(self.city, moment)
        bench = Bench(self.city, moment.scenario, self.store, self.executor, seeds=(LEARN_SEED,))
        searches = {
            "emergency_route": propose_dispatch,
            "visitor_guidance": propose_guidance,
            "signal_timing": propose_signals,
        }
        return searches[kind](bench)


def flooded_in_use(city: City, moment: Moment) -> list[str]:
    """Edges that will stand under more than 0.15 m of water and that vehicles will enter, busiest first."""
    minute = moment.fields.minute(moment.now)
    depth, counts = moment.fields.depth_m[minute:], moment.fields.counts[:, minute:].mean(axis=0)
    entered = np.where(depth > DEEP_M, counts, 0.0).sum(axis=0)
    wet = [int(i) for i in np.argsort(-entered, kind="stable")[:MOST_CLOSED] if entered[i] >= 1.0]
    ids = city.layer("edges")["edge_id"]
    return [str(ids.iloc[i]) for i in wet]


def propose_closures(city: City, moment: Moment) -> Proposal | None:
    """Close the roads that are about to be flooded and still in use, before cars drive into the water."""
    from networks import say
    from scenarios import Proposal, water_words

    edges = flooded_in_use(city, moment)
    if not edges:
        return None
    begin = moment.now + timedelta(minutes=2)
    action: dict[str, Any] = {"kind": "road_closure", "edges": sorted(edges), "begin": begin.isoformat()}
    layer = city.layer("edges").set_index("edge_id")
    names = sorted({str(layer.loc[edge, "name"]) for edge in edges} - {"", "None", "nan"})[:3]
    where = ", ".join(names) if names else f"{len(edges)} edges"
    return Proposal(
        kind="road_closure",
        title={
            "en": f"Close {len(edges)} road sections before they are under water ({where})",
            "zh": f"在积水前封闭{len(edges)}个路段（{where}）",
        },
        goal="vehicles_in_water",
        scenario=moment.scenario.with_interventions(action, name=f"{moment.scenario.name}.closed"),
        action=[action],
        tried=[],
        rests_on=[
            say(
                "depths rest on the terrain and on rain that is assumed to fade: see the rain's source",
                "积水深度取决于地形数据，并假定降雨逐渐减弱：参见降雨数据来源",
            ),
            *([told] if (told := water_words(city, moment.scenario)) else []),
        ],
        risks=[
            say(
                "detours lengthen trips: see the delay among the side effects",
                "绕行会延长行程：参见附带影响中的延误",
            )
        ],
    )
