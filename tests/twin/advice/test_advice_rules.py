"""Signal plans of advice: nothing is proposed that fails rules which today's plan does not fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from networks import SignalPlan
from networks.sentence import say
from twin.advice import AdviceGround, Rules
from twin.advice.proposing import options_for
from twin.advice.ruling import worsened
from twin.advice.trouble import troubles


@pytest.fixture(scope="module")
def ground(place: Any) -> AdviceGround:
    return AdviceGround.of(place.ground.net_file, rules=Rules(place.ground.net_file))


def named(ground: AdviceGround, place: Any) -> dict[str, Any]:
    (trouble,) = troubles([place.finding], ground)
    return {one.name: one for one in options_for(trouble, ground, 1)}


def test_what_passes_is_proposed_and_says_what_it_was_held_against(place: Any, ground: AdviceGround) -> None:
    found = named(ground, place)
    assert "meter" in found and "signs+meter" in found
    (said,) = found["meter"].rests_on
    assert "Richtlinien" in said["en"] or "RiLSA" in said["en"], said
    assert found["signs+meter"].rests_on == found["meter"].rests_on and not found["signs"].rests_on


def test_a_shift_that_breaks_a_rule_is_not_proposed(place: Any, ground: AdviceGround, tmp_path: Path) -> None:
    strict = tmp_path / "own.toml"
    longest = max(phase.duration_s for phase in ground.plans["c"].phases)
    strict.write_text(
        f'base = "rilsa"\n[rules.least_green]\nvalue = {longest - 5}\nsource = "a test"\nclause = "1"\n',
        encoding="utf-8",
    )
    own = replace(ground, rules=Rules(ground.net_file, strict))
    assert own.rules is not None
    found = named(own, place)
    assert not [name for name in found if "meter" in name], "a third of the green is below what the city asks"
    plan = ground.plans["c"]
    short = replace(
        plan, phases=tuple(replace(p, duration_s=p.duration_s - 8 * (n == 0)) for n, p in enumerate(plan.phases))
    )
    refusal = own.rules.refusal(plan, short)
    assert refusal is not None and "least_green" in refusal.why["en"] and refusal.tls_id == "c"
    assert own.rules.refusal(plan, plan) is None, "what it fails today is no news"


def test_ground_that_nobody_knows_is_no_leave(ground: AdviceGround) -> None:
    assert ground.rules is not None
    plan: SignalPlan = replace(ground.plans["c"], tls_id="nowhere")
    refusal = ground.rules.refusal(plan, plan)
    assert refusal is not None and "cannot be held" in refusal.why["en"]


def test_what_failed_before_counts_only_where_it_gets_worse() -> None:
    from networks.rules.verdict import Verdict

    def verdict(found: float | None, passed: bool | None) -> Verdict:
        return Verdict("c", "least_green", "1", 8.0, found, "s", passed, "", "", say("", ""))

    assert worsened([verdict(5.0, False)], [verdict(5.0, False)]) == []
    assert worsened([verdict(5.0, False)], [verdict(7.0, False)]) == []
    assert worsened([verdict(5.0, False)], [verdict(4.0, False)])
    assert worsened([verdict(9.0, True)], [verdict(7.0, False)])
    assert worsened([verdict(9.0, True)], [verdict(None, None)]) == []
