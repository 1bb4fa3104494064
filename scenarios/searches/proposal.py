"""What the three searches propose: an action, the goal it is for, and what else was tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from networks import Sentence, say
from scenarios.interventions import EmergencyCall, Event
from scenarios.members.member import open_city, run_crowd_only
from scenarios.places import locate
from scenarios.results.store import Store
from scenarios.schema import Scenario
from scenarios.searches.bench import Bench, alternatives
from scenarios.searches.candidate import Candidate
from scenarios.searches.emergency_search import DispatchPlan, assigned, dispatch_plans
from scenarios.searches.kept_search import SignalSearch
from scenarios.searches.race import Raced, race
from scenarios.searches.recommendation import Alternative
from scenarios.searches.signal_search import LAW, as_intervention, search_signals, signals_near
from scenarios.searches.visitor_search import COMPLIANCE, guidance_candidates, guidance_score

SIGNALS = 40
DISPATCH_PLANS = 3


@dataclass(frozen=True)
class Proposal:
    """What a search found best on its own seeds.

    Attributes:
        kind: signal_timing, emergency_route or visitor_guidance.
        title: In English and Chinese.
        goal: The measure that it is to lower.
        scenario: The state of things with the action made.
        action: Its interventions, as in a scenario file; empty when the search found nothing better.
        tried: What else was tried.
        rests_on: Sentences on what was guessed or assumed.
        risks: Sentences.
    """

    kind: str
    title: Sentence
    goal: str
    scenario: Scenario
    action: list[dict[str, Any]]
    tried: list[Alternative]
    rests_on: list[Sentence]
    risks: list[Sentence]


def propose_signals(bench: Bench) -> Proposal | None:
    """New plans for the signals around the event; None where there is no event, or no signal near it can change."""
    events = bench.scenario.of(Event)
    if not events:
        return None
    x, y = locate(bench.city, events[0].at, what=f"event {events[0].name}")
    signals = signals_near(bench.city, x, y, most=SIGNALS)
    if not signals:
        return None
    searched = search_signals(bench, signals, bench.simulations)
    number = len(searched.plans)
    if not number:
        return None
    found = [
        Candidate("as it is", "维持现状", None),
        Candidate(f"new plans for {number} signals", f"{number}处信号灯的新方案", searched.plans),
    ]
    name = f"{bench.scenario.name}.signals"
    scenarios = _variants(
        bench, found, lambda what: bench.scenario.with_interventions(as_intervention(what), name=name)
    )
    raced = bench.race("signals", scenarios, "mean_delay_s")
    best = _named(found, raced[0].name)
    told = say(
        f"in {searched.simulations} runs of cars alone the plans took the delay from {searched.before_s:.0f} to"
        f" {searched.after_s:.0f} s per vehicle",
        f"在{searched.simulations}次仅含机动车的仿真中，平均延误由每车{searched.before_s:.0f}秒变为{searched.after_s:.0f}秒",
    )
    return Proposal(
        kind="signal_timing",
        title={
            "en": f"New timings for {number} signals near {events[0].name}",
            "zh": f"调整{events[0].name}附近{number}处信号灯配时",
        },
        goal="mean_delay_s",
        scenario=scenarios[best.name],
        action=[as_intervention(best.what).model_dump(mode="json")] if best.what else [],
        tried=[*alternatives(found, raced, "mean_delay_s"), *_alike(searched)],
        rests_on=[
            told,
            say(
                "today's signal plans are netconvert's guesses: a real controller's plan may leave less to gain",
                "现行信号配时为netconvert推测值：若采用实际控制方案，改善空间可能较小",
            ),
            say("traffic demand is guessed from the city's layers", "交通需求由城市图层推测"),
            say(
                "plans over loops need working detectors where SUMO places its own",
                "感应方案需要在SUMO默认位置设有正常工作的检测器",
            ),
        ],
        risks=[
            say(
                f"walking times and intergreens are computed from the map by the table {LAW}: check them on the street",
                f"行人过街时间与绿灯间隔由地图按{LAW}规则表计算，须现场核实",
            )
        ],
    )


def _alike(searched: SignalSearch) -> list[Alternative]:
    """The best designs for all signals alike, which the search began with."""
    why = say("one design for every signal alike; the search went on from it", "各信号采用同一设计；搜索以此为起点")
    return [
        Alternative(
            name["en"], say(f"{name['en']}: {cost:.0f} s per vehicle", f"{name['zh']}：每车{cost:.0f}秒"), None, why
        )
        for name, cost in searched.beside
        if np.isfinite(cost)
    ]


def propose_dispatch(bench: Bench) -> Proposal | None:
    """Which unit answers which call, and by which way, on forecast travel times and depths."""
    calls = bench.scenario.of(EmergencyCall)
    if not calls:
        return None
    plans = dispatch_plans(bench.city, bench.scenario, bench.forecast, most=DISPATCH_PLANS)
    found: list[Candidate[DispatchPlan]] = [Candidate("as it is", "维持现状", None)]
    for number, plan in enumerate(plans, 1):
        units = "; ".join(f"{call}: {answer.unit_id}" for call, answer in plan.items())
        found.append(Candidate(f"plan {number} ({units})", f"方案{number}（{units}）", plan))
    name = f"{bench.scenario.name}.dispatch"
    scenarios = _variants(bench, found, lambda plan: assigned(bench.scenario, plan).replacing(name=name))
    raced = bench.race("emergency", scenarios, "ambulance_response_mean_s")
    best = _named(found, raced[0].name)
    chosen = scenarios[best.name]
    return Proposal(
        kind="emergency_route",
        title={
            "en": f"Units and routes on forecast times and depths; ambulance calls: {len(calls)}",
            "zh": f"按预测行程时间与积水为{len(calls)}个急救呼叫选派车辆和路线",
        },
        goal="ambulance_response_mean_s",
        scenario=chosen,
        action=[call.model_dump(mode="json") for call in chosen.of(EmergencyCall)] if best.what else [],
        tried=alternatives(found, raced, "ambulance_response_mean_s"),
        rests_on=[
            say(
                "travel times are forecast from simulated seeds of the same evening",
                "行程时间由同一情景的仿真运行预测",
            ),
            say(
                "depths rest on the terrain: read its label before you trust a closed road",
                "积水深度取决于地形数据：采信道路封闭之前请先查看地形说明",
            ),
            say(
                "where ambulances stand is guessed unless the scenario names them",
                "除情景文件指定外，救护车驻点为推测",
            ),
        ],
        risks=[
            say(
                "a road that the forecast holds open may close: the crew's own eyes come first",
                "预测可通行的道路仍可能中断：以车组现场判断为准",
            )
        ],
    )


def propose_guidance(bench: Bench) -> Proposal | None:
    """Which exits and stops to send an event's visitors to, and how long to stretch the release."""
    events = bench.scenario.of(Event)
    if not events:
        return None
    event = events[0]
    found = guidance_candidates(bench.city, bench.scenario, event, seed=bench.seeds[0])
    name = f"{bench.scenario.name}.guidance"
    scenarios = _variants(bench, found, lambda guidance: bench.scenario.with_interventions(guidance, name=name))
    raced = _race_crowd(bench, scenarios)
    best = _named(found, raced[0].name)
    return Proposal(
        kind="visitor_guidance",
        title={
            "en": f"Guide the visitors of {event.name}: {best.name}",
            "zh": f"引导{event.name}观众：{best.zh}",
        },
        goal="person_min_dense",
        scenario=scenarios[best.name],
        action=[best.what.model_dump(mode="json")] if best.what else [],
        tried=alternatives(found, raced, "person_min_dense"),
        rests_on=[
            say(
                f"{COMPLIANCE:.0%} of the visitors follow the guidance (guessed)",
                f"{COMPLIANCE:.0%}的观众服从引导（推测）",
            ),
            say(
                "what people choose without guidance is a guessed logit on distance and kind of stop",
                "无引导时的选择由距离与站点类型的Logit模型推测",
            ),
        ],
        risks=[say("visitors who are held back need shelter from the rain", "延迟离场的观众需要避雨场所")],
    )


def _race_crowd(bench: Bench, scenarios: dict[str, Scenario]) -> list[Raced]:
    """Race guidance with flood and visitors alone: cheap, and what it ranks is what the guidance is for."""
    base: dict[int, dict[str, float]] = {}

    def score(pairs: Any) -> list[float]:
        jobs = [(bench.city.folder, scenarios[name], seed, bench.store.root) for name, seed in pairs]
        bench.tell("visitors", 0, len(jobs))
        found = bench.executor.map(crowd_measures, jobs, lambda index, _: bench.tell("visitors", index + 1, len(jobs)))
        for (name, seed), measures in zip(pairs, found, strict=True):
            if name == next(iter(scenarios)):
                base[seed] = measures
        return [guidance_score(m, base[seed]) for (_, seed), m in zip(pairs, found, strict=True)]

    return race(list(scenarios), bench.seeds, score)


def crowd_measures(job: tuple[Any, Scenario, int, Any]) -> dict[str, float]:
    """The crowd's measures of one (city folder, scenario, seed, store); what an executor calls."""
    folder, scenario, seed, root = job
    return run_crowd_only(open_city(folder), scenario, seed, Store(root)).measures


def _variants(bench: Bench, found: list[Candidate[Any]], change: Callable[[Any], Scenario]) -> dict[str, Scenario]:
    """The scenario of each candidate by its name; the state of things is the bench's own."""
    return {one.name: change(one.what) if one.what else bench.scenario for one in found}


def _named(found: list[Candidate[Any]], name: str) -> Candidate[Any]:
    return next(one for one in found if one.name == name)


SEARCHES: tuple[Callable[[Bench], Proposal | None], ...] = (propose_signals, propose_dispatch, propose_guidance)
"""Every search, in the order in which a study runs them."""
