"""How drivers respond: told in a scenario, drawn per driver, and run as days that are results of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
import pytest

from networks.errors import BadScenario
from scenarios import Run, Scenario, Store, draw_demand, parse_scenario, run_member, scenario_schema
from scenarios.response.response import Equilibrium, Informed, in_short
from scenarios.response.side_by_side import read_responses, scenarios_of

if TYPE_CHECKING:
    from networks import City

HEAD = "name: x\nperiod: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:09:00+03:00}\n"


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("none", "none"),
        ("none(give_up)", "none(give_up)"),
        ("informed(0.3)", "informed(0.3)"),
        ("{kind: informed, share: 0.5}", "informed"),
        ("day_to_day(5)", "day_to_day(5)"),
        ("{kind: equilibrium, gap: 0.02, most_days: 9}", "equilibrium(0.02, 9)"),
    ],
)
def test_a_response_is_told_in_short_or_at_length(written: str, short: str) -> None:
    scenario = parse_scenario(HEAD + f"response: {written}\n")
    assert in_short(scenario.response) == short
    jsonschema.validate(scenario.model_dump(mode="json"), scenario_schema())
    jsonschema.validate({**scenario.model_dump(mode="json"), "response": short}, scenario_schema())
    assert parse_scenario(HEAD + f"response: {short}\n").digest == scenario.digest


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{kind: informed, share: 1.5}", "line 3: response.share: Input should be less than or equal to 1"),
        ("{kind: crowd}", "line 3: response: unknown kind crowd; known: 'none', 'informed'"),
        ("{share: 0.4}", "line 3: response: this field is missing: kind"),
        ("sometimes", "unknown response; known: none, informed, day_to_day, equilibrium"),
        ("equilibrium(2)", "response.gap: Input should be less than 1"),
        ("day_to_day(1)", "response.days: Input should be greater than or equal to 2"),
        ("none(run)", "response.at_closure: Input should be 'turn', 'wait' or 'give_up'"),
        ("{kind: none, days: 3}", "response.days: there is no such field"),
        ("informed(0.3, 2026-07-17T17:00:00)", "response.from_when: the time has no UTC offset"),
    ],
)
def test_what_cannot_be_is_told_with_its_line(written: str, words: str) -> None:
    with pytest.raises(BadScenario) as error:
        parse_scenario(HEAD + f"response: {written}\n")
    assert words in str(error.value)


def test_without_a_response_half_of_the_drivers_hear_of_everything(short: Scenario) -> None:
    assert short.response == Informed(kind="informed", share=0.5, from_when=None, known_ways="assigned")


def test_a_larger_share_holds_the_smaller_and_shifts_nobody(helsinki: City, short: Scenario, store: Store) -> None:
    drawn = {}
    for share in (0.0, 0.3, 0.6, 1.0):
        asked = short.replacing(response={"kind": "informed", "share": share})
        drawn[share] = {trip.vehicle_id: trip for trip in draw_demand(helsinki, asked, 1, store).trips}
    heard = {share: {name for name, trip in trips.items() if trip.reroutes} for share, trips in drawn.items()}
    assert heard[0.0] == set() and heard[1.0] == set(drawn[1.0])
    assert heard[0.3] < heard[0.6] < heard[1.0]
    for share in (0.3, 0.6):
        assert len(heard[share]) / len(drawn[share]) == pytest.approx(share, abs=0.06)
    assert {name: (t.depart_s, t.route, t.speed_factor) for name, t in drawn[0.0].items()} == {
        name: (t.depart_s, t.route, t.speed_factor) for name, t in drawn[1.0].items()
    }


def test_from_when_is_a_moment_of_the_run(helsinki: City, short: Scenario, store: Store) -> None:
    asked = short.replacing(response=f"informed(0.4, {short.moment(300).isoformat()})")
    assert {trip.reroutes_from_s for trip in draw_demand(helsinki, asked, 1, store).trips} == {300.0}


def test_responses_are_read_from_one_line_and_wrong_ones_told() -> None:
    none, informed, settled = read_responses("none(wait), informed(0.3,2026-07-17T17:00:00+03:00),equilibrium")
    assert (none.kind, informed.kind, settled) == ("none", "informed", Equilibrium())
    with pytest.raises(BadScenario, match="equilibrum"):
        read_responses("none,equilibrum")


def test_beside_a_settled_state_everybody_knows_settled_ways(short: Scenario) -> None:
    before, none, settled = scenarios_of(short, read_responses("none,equilibrium(0.02)"))
    assert not before.interventions and before.name == "short-evening.before"
    assert [one.name for one in (none, settled)] == ["short-evening.none", "short-evening.equilibrium-0.02"]
    assert {one.response.known_ways for one in (before, none, settled)} == {"settled"}
    assert {one.response.known_ways for one in scenarios_of(short, read_responses("none,informed"))} == {"assigned"}


QUIET = """\
name: quiet
city: helsinki
period: {begin: 2026-07-17T17:00:00+03:00, end: 2026-07-17T17:06:00+03:00, warm_up_s: 60}
demand: {scale: 0.3}
response: {kind: equilibrium, gap: 0.05, most_days: 8}
interventions: [{kind: road_closure, edges: ["25523727"]}]
"""


@pytest.fixture(scope="module")
def quiet() -> Scenario:
    return parse_scenario(QUIET)


@pytest.fixture(scope="module")
def settled(helsinki: City, quiet: Scenario, store: Store) -> Run:
    return run_member(helsinki.folder, quiet, 1, store.root)


def test_a_settled_member_is_its_last_day_with_the_days_that_led_there(settled: Run, store: Store) -> None:
    days, told = settled.table("days"), settled.manifest["response"]
    assert list(days.columns) == ["day", "gap", "gap_expected", "mean_s", "best_s", "changed", "given_up"]
    assert told["reached"] and (days.gap.tail(4) <= 0.05).all() and len(days) == told["days"] >= 4
    last = Run.open(store.get("day", told["last_day"]))
    assert {name: digest for name, digest in settled.digests.items() if name != "days"} == last.digests
    assert settled.measures == last.measures and settled.measures["trips_shifted"] > 0
    edges = settled.table("edges")
    assert edges.loc[edges.edge_id == "25523727", "entered"].sum() == 0


def test_days_are_looked_up_and_shared_by_responses(
    settled: Run, helsinki: City, quiet: Scenario, store: Store
) -> None:
    before = store.ids("day")
    again = run_member(helsinki.folder, quiet, 1, store.root)
    assert again == settled
    strict = quiet.replacing(response={"kind": "equilibrium", "gap": 1e-9, "most_days": len(settled.table("days"))})
    hurried = run_member(helsinki.folder, strict, 1, store.root)
    assert store.ids("day") == before  # the same days: only what they are held against is another
    assert hurried.run_id != settled.run_id and not hurried.manifest["response"]["reached"]
    assert any("not settled" in guess["en"] for guess in hurried.manifest["guesses"])


def test_day_to_day_begins_with_the_surprise(settled: Run, helsinki: City, quiet: Scenario, store: Store) -> None:
    days = set(store.ids("day"))
    repeated = run_member(helsinki.folder, quiet.replacing(response="day_to_day(2)"), 1, store.root)
    assert len(repeated.table("days")) == 2 and repeated.table("days").gap[0] == settled.table("days").gap[0]
    assert len(set(store.ids("day")) - days) == 1
    surprise = run_member(helsinki.folder, quiet.replacing(response="none"), 1, store.root)
    assert surprise.measures["trips_shifted"] < settled.measures["trips_shifted"]
