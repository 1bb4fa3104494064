"""Search for visitor guidance: which exits and stops to send people to, and how long to stretch the release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import product

from networks import City
from scenarios.interventions import Event, VisitorGuidance
from scenarios.schema import Scenario
from scenarios.searches.candidate import Candidate
from scenarios.travel.visitors import STOP_PULL, draw_visitors, exits_of

STAGGERS_S = (0.0, 600.0, 1200.0)
STOPS = 6
LATER_S = 600.0
COMPLIANCE = 0.6

Shares = tuple[str, str, dict[str, float]]
"""English name, Chinese name, share by stop or exit; empty names for things as they are."""

NOTHING: Shares = ("", "", {})


def guidance_candidates(city: City, scenario: Scenario, event: Event, *, seed: int) -> list[Candidate[VisitorGuidance]]:
    """Guidance to race; the first is the state of things.

    Every combination of: the busiest stops used evenly or not, the exits used evenly or not, the release stretched or
    not; beside these, the busiest stop avoided, and the exit that is named first kept clear. A share COMPLIANCE of the
    visitors follows (guessed).

    Args:
        city: Where.
        scenario: The scenario that holds the event.
        event: The event.
        seed: A seed of the search's own: what people choose by themselves is drawn from it.
    """
    stops, ways = _stop_plans(city, scenario, seed), _exit_plans(city, event)
    plans = list(product(stops[:2], ways[:2], STAGGERS_S))[1:]
    plans += [(plan, NOTHING, 0.0) for plan in stops[2:]] + [(NOTHING, plan, 0.0) for plan in ways[2:3]]
    found: list[Candidate[VisitorGuidance]] = [Candidate("as it is", "维持现状", None)]
    return found + [_candidate(event, *plan) for plan in plans]


def _candidate(event: Event, stops: Shares, ways: Shares, wait_s: float) -> Candidate[VisitorGuidance]:
    minutes = round(wait_s / 60)
    release = (f"release over {minutes} min more", f"散场延长{minutes}分钟") if wait_s else ("", "")
    told = [words for words in (stops[:2], ways[:2], release) if words[0]]
    guidance = VisitorGuidance(
        kind="visitor_guidance",
        event=event.name,
        stop_shares=stops[2],
        exit_shares=ways[2],
        stagger_s=wait_s,
        compliance=COMPLIANCE,
    )
    return Candidate(", ".join(en for en, _ in told), "，".join(zh for _, zh in told), guidance)


def _stop_plans(city: City, scenario: Scenario, seed: int) -> list[Shares]:
    busy = _busiest_stops(city, scenario, seed)
    plans = [NOTHING]
    if len(busy) >= 2:
        plans.append(("stops evenly", "均衡使用各站点", dict.fromkeys(busy, 1.0)))
        plans.append((f"away from {busy[0]}", f"避开{busy[0]}站", dict.fromkeys(busy[1:], 1.0)))
    return plans


def _exit_plans(city: City, event: Event) -> list[Shares]:
    exits = exits_of(city, event)
    plans: list[Shares] = [NOTHING, ("exits evenly", "均衡使用出口", dict.fromkeys(exits, 1.0))]
    for closed in exits if len(exits) > 2 else []:
        plans.append((f"exit {closed} kept clear", f"不使用出口{closed}", {way: float(way != closed) for way in exits}))
    return plans


def _busiest_stops(city: City, scenario: Scenario, seed: int) -> list[str]:
    """Names of the stops that most people choose by themselves, busiest first."""
    visitors = draw_visitors(city, scenario, seed)
    kinds = {target["name"]: target["kind"] for target in visitors.targets}
    chosen = Counter(visitors.targets[int(index)]["name"] for index in visitors.target)
    ranked = sorted(chosen.items(), key=lambda pair: (-pair[1], pair[0]))
    return [name for name, _ in ranked if kinds[name] in STOP_PULL][:STOPS]


def guidance_score(measures: Mapping[str, float], as_it_is: Mapping[str, float]) -> float:
    """Person-minutes in dense crowds, lower is better.

    Guidance that lets nine in ten visitors arrive more than LATER_S later than without it is charged for each second
    beyond that: levelling a crowd by keeping everybody is no advice.
    """
    later_s = measures["egress_p90_s"] - as_it_is["egress_p90_s"] - LATER_S
    return measures["person_min_dense"] + 100.0 * max(0.0, later_s)
