"""Green waves simulated: one past, two drives; who measures nothing but the wave, and what a crash costs."""

from __future__ import annotations

import itertools
import math
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from small_street import street_net

from models.emergency.greenwave import Rhythm
from models.sumo import SumoCase, can_fork, read_case
from networks import BadInput, Corridor, StopLine, corridor_along, find_corridor
from scenarios.greenwave.coming import Coming, to_the_end
from scenarios.greenwave.forking import forked
from scenarios.greenwave.judging import both_came, faults_of, gaining, price_of
from scenarios.greenwave.order import Call, Drive, Told
from scenarios.greenwave.running import case_rhythms, run_calls

forks = pytest.mark.skipif(not can_fork(), reason="calls are forked, which this platform cannot")
WAYS = [("wa", "ce", 0.28), ("ec", "aw", 0.25), *((f"n{s}{s}", f"{s}s{s}", 0.1) for s in "abc")]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> SumoCase:
    """A street of three signals with traffic both ways and across."""
    return _street(tmp_path_factory.mktemp("street"), "--crossings.guess", "--sidewalks.guess")


def _street(folder: Path, *options: str) -> SumoCase:
    street_net(folder, *options)
    flows = "".join(
        f'<flow id="{a}{b}" begin="0" end="900" probability="{p}" departLane="best" departSpeed="max" '
        f'from="{a}" to="{b}"/>'
        for a, b, p in WAYS
    )
    (folder / "r.rou.xml").write_text(f"<routes>{flows}</routes>")
    parts = '<net-file value="x.net.xml"/><route-files value="r.rou.xml"/><begin value="0"/><end value="900"/>'
    (folder / "town.sumocfg").write_text(f"<configuration>{parts}</configuration>")
    return read_case(folder / "town.sumocfg")


@pytest.fixture(scope="module")
def driven(street: SumoCase) -> tuple[dict[str, Rhythm], list[Told]]:
    """One call to drive, and two that come to nothing."""
    rhythms, aside = case_rhythms(street, "rilsa")
    assert not aside
    calls = [Call("1", 300.0, "wa", "ce"), Call("2", 300.0, "wa", "moon"), Call("3", 310.0, "ce", "wa")]
    return rhythms, list(run_calls(street, rhythms, calls, 2, record=True, fewer=(1, 0)))


@forks
def test_the_vehicle_gains_and_the_rules_are_kept(
    street: SumoCase, driven: tuple[dict[str, Rhythm], list[Told]]
) -> None:
    """Three signals hand over, come home, and what they showed passes the checker of plans."""
    rhythms, (told, *_) = driven
    assert told.wave is not None
    assert told.blue is not None
    assert told.edges == ("wa", "ab", "bc", "ce")
    assert set(told.wave.shown) == {"a", "b", "c"}
    assert told.wave.travel_s < told.blue.travel_s
    assert told.wave.home_s < told.wave.end_s == told.blue.end_s
    assert faults_of(street, rhythms, told, "rilsa") == []
    assert [len(kept) for kept, _ in told.fewer] == [2, 1]
    assert all(set(drive.shown) == set(kept) for kept, drive in told.fewer)


@forks
def test_no_yellow_is_lost_when_a_programme_is_given_back(tmp_path: Path) -> None:
    """Streets without detections: every phase in its order, and, wherever its own programme goes on, each whole."""
    case = _street(tmp_path, "--tls.default-type", "actuated")
    (tmp_path / "r.rou.xml").write_text('<routes><trip id="one" depart="0" from="wa" to="ce"/></routes>')
    rhythms, _ = case_rhythms(case, "rilsa")
    (told,) = run_calls(case, rhythms, [Call("1", 300.0, "wa", "ce")], 2, record=True)
    assert told.wave is not None
    assert all(told.wave.shown.values())
    for tls, rhythm in rhythms.items():
        own = [(at, state) for at, one, state in told.wave.states if one == tls]
        after = {a.state: b.state for a, b in itertools.pairwise((*rhythm.beats, rhythm.beats[0]))}
        least = {phase.state: phase.min_s for phase in rhythm.plan.phases}
        for (begin, state), (end, following) in itertools.pairwise(own[1:]):
            assert following == after[state]
            assert end - begin == least[state] or ("y" not in state and end - begin > least[state])


@forks
def test_a_call_to_nowhere_is_an_answer(driven: tuple[dict[str, Rhythm], list[Told]]) -> None:
    """An edge that is not there, and a way that does not exist: told, and the other calls are driven."""
    _, (_, nowhere, no_way) = driven
    assert "moon" in nowhere.problem
    assert no_way.problem == "no way from ce to wa for blue lights"
    assert nowhere.wave is no_way.wave is None


@forks
def test_signals_that_cannot_move_change_nothing_at_all(street: SumoCase) -> None:
    """With every beat as in the plan and nobody stopped both drives are the same to the last digit."""
    rhythms = {
        tls: replace(
            one,
            beats=tuple(replace(beat, least_s=beat.now_s, most_s=beat.now_s) for beat in one.beats),
            gives_way={},
        )
        for tls, one in case_rhythms(street, "rilsa")[0].items()
    }
    (told,) = run_calls(street, rhythms, [Call("1", 200.0, "wa", "ce")], 2)
    assert told.wave is not None
    assert told.blue is not None
    assert told.wave.travel_s == told.blue.travel_s
    assert told.wave.lost_s == told.blue.lost_s
    assert told.wave.standing == told.blue.standing
    assert len(told.wave.lost_s) > 20
    assert price_of(told.wave, told.blue, told.lanes_m).all_s == 0.0


@forks
def test_a_crash_costs_its_call_alone() -> None:
    """SUMO can end with a segmentation fault while a blue light changes lanes: the fork that dies says how."""
    assert forked(lambda: 7) == 7
    found = forked(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert found == "SUMO ended by SIGKILL"


def test_price_in_closed_form() -> None:
    """Two trips lose 10 s more, one 5 s less; one lane is full in every second look, where it was never full."""
    standing = [(float(t), "x_0", 100.0 - 7.5 * n - 5.0, 0.0) for t in (5, 15) for n in range(13)]
    standing += [(float(t), "x_0", 95.0, 0.0) for t in (10, 20)]
    wave = Drive(60.0, 100.0, 300.0, {"p": 30.0, "q": 10.0, "r": 0.0}, 0.0, 430.0, standing, {})
    quiet = [(float(t), "x_0", 95.0, 0.0) for t in (5, 10, 15, 20)]
    blue = Drive(80.0, 80.0, 300.0, {"p": 20.0, "r": 5.0}, 0.0, 400.0, quiet, {})
    price = price_of(wave, blue, {"x_0": 100.0})
    assert price.share == pytest.approx(0.25)
    assert price.others == 3
    assert (price.mean_s, price.worst_s, price.all_s) == pytest.approx((5.0, 10.0, 10.0))
    assert (price.filled, price.freed) == (("x_0",), ())
    assert not price.too_dear
    assert replace(price, mean_s=10.1).too_dear
    assert replace(price, share=0.0).too_dear
    assert replace(price, travel_s=math.nan, share=math.nan).too_dear


def test_gain_is_told_signal_by_signal(tmp_path: Path) -> None:
    """What is won before the second stop line is the second signal's, not the third's."""
    corridor = corridor_along(street_net(tmp_path), ("wa", "ab", "bc", "ce"))
    wave = Drive(0, 0, 0, {}, 0, 0, (), {0: 30.0, 1: 60.0, 2: 110.0}, {tls: () for tls in "abc"})
    blue = Drive(0, 0, 0, {}, 0, 0, (), {0: 31.0, 1: 90.0, 2: 139.0})
    assert gaining(corridor, wave, blue) == ("a", "b")
    assert gaining(corridor, wave, blue, 1) == ("b",)
    assert gaining(corridor, wave, wave) == ()


def test_a_given_way_is_measured_as_a_found_one(tmp_path: Path) -> None:
    """`corridor_along` puts stop lines where `find_corridor` does, and names edges that are not joined."""
    net = street_net(tmp_path)
    found = find_corridor(net, ["a", "b", "c"])
    assert corridor_along(net, found.edges) == found
    with pytest.raises(BadInput, match="no way from wa to bc"):
        corridor_along(net, ("wa", "bc"))
    with pytest.raises(BadInput, match="no edge 'moon'"):
        corridor_along(net, ("moon", "bc"))


def test_of_two_stop_lines_of_one_signal_the_next_is_asked_for() -> None:
    """A wide junction has a second stop line inside: green there is no use while the vehicle waits at the first."""
    sumo = _Sumo()
    stops = (StopLine("x", (3,), "in", 100.0, 0.0), StopLine("x", (7,), "inner", 120.0, 2.0))
    coming = Coming(sumo, "v", Corridor(("in", "inner", "out"), (0.0, 100.0, 120.0), stops, 300.0))
    assert coming.look(5.0) == "driving"
    assert [one.links for one in coming.arrivals(5.0)] == [(3,)]
    sumo.at = ("inner", 1)
    coming.look(6.0)
    assert [one.links for one in coming.arrivals(6.0)] == [(7,)]
    assert coming.passed_s == {0: 6.0}
    assert coming.still_needs("x")
    sumo.at = ("out", 2)
    coming.look(9.0)
    assert not coming.still_needs("x")


def test_the_queue_before_the_end_of_the_way_is_asked_for_too(tmp_path: Path) -> None:
    """A way that ends before signal c: every link of its last edge; one that ends elsewhere stays as it is."""
    net = street_net(tmp_path)
    corridor = corridor_along(net, ("wa", "ab", "bc"))
    longer = to_the_end(net, corridor)
    assert [stop.tls_id for stop in longer.stops] == ["a", "b", "c"]
    assert longer.stops[-1].at_m == corridor.length_m
    assert len(longer.stops[-1].links) == 4
    whole = corridor_along(net, ("wa", "ab", "bc", "ce"))
    assert to_the_end(net, whole) == whole


def test_nobody_is_sent_into_an_exit_that_is_full() -> None:
    """Eleven vehicles on 100 m behind the stop line: it is not asked before the vehicle is there; with ten it is."""
    sumo = _Sumo()
    stops = (StopLine("x", (3,), "in", 200.0, 0.0),)
    coming = Coming(sumo, "v", Corridor(("in", "out", "on"), (0.0, 200.0, 300.0), stops, 400.0))
    coming.look(5.0)
    for sumo.behind, asked in ((11, 0), (10, 1)):
        assert len(list(coming.arrivals(5.0))) == asked
    sumo.behind, coming.at_m = 11, 150.0
    assert len(list(coming.arrivals(5.0))) == 1


def test_a_vehicle_that_sumo_moves_by_force_has_not_come() -> None:
    """While it is teleported it is in no list of vehicles: only who has arrived is gone."""
    sumo = _Sumo()
    coming = Coming(sumo, "v", Corridor(("in", "out"), (0.0, 100.0), (), 300.0))
    assert coming.look(1.0) == "driving"
    sumo.there = ()
    assert coming.look(2.0) == "driving"
    sumo.arrived = ("v",)
    assert coming.look(3.0) == "gone"


class _Sumo:
    """As much of libsumo as `Coming` reads: one vehicle, empty streets."""

    def __init__(self) -> None:
        self.at = ("in", 0)
        self.there: tuple[str, ...] = ("v",)
        self.arrived: tuple[str, ...] = ()
        self.behind = 0
        self.simulation = self
        self.vehicle = self.lane = self.edge = self.trafficlight = self

    def getIDList(self) -> tuple[str, ...]:
        return self.there

    def getArrivedIDList(self) -> tuple[str, ...]:
        return self.arrived

    def getPendingVehicles(self) -> tuple[str, ...]:
        return ()

    def getRoadID(self, _: str) -> str:
        return self.at[0]

    def getRouteIndex(self, _: str) -> int:
        return self.at[1]

    def getLanePosition(self, _: str) -> float:
        return 1.0

    def getLaneNumber(self, _: str) -> int:
        return 1

    def getLastStepVehicleNumber(self, _: str) -> int:
        return self.behind

    def getLastStepVehicleIDs(self, _: str) -> tuple[str, ...]:
        return ()

    def getControlledLinks(self, _: str) -> list[list[tuple[str, str, str]]]:
        return [[(f"{lane}_0", "out_0", "")] for lane in ("in", "x", "in", "in", "x", "x", "inner", "inner")]

    def getLength(self, _: str) -> float:
        return 100.0

    def getMaxSpeed(self, _: str) -> float:
        return 10.0


@forks
def test_actuated_signals_hand_over_and_go_on_by_themselves(tmp_path: Path) -> None:
    """Their programme is taken over for the wave; given back, every green lasts as their detectors have it."""
    case = _street(tmp_path, "--tls.default-type", "actuated")
    rhythms, aside = case_rhythms(case, "rilsa")
    assert not aside
    assert not any(rhythm.clocked for rhythm in rhythms.values())
    (told,) = run_calls(case, rhythms, [Call("1", 300.0, "wa", "ce")], 2, record=True)
    assert told.wave is not None
    assert told.blue is not None
    assert told.least_s <= told.wave.travel_s < told.blue.travel_s
    assert faults_of(case, rhythms, told, "rilsa") == []
    assert all(told.wave.shown.values())
    for tls, rhythm in rhythms.items():
        own = [(at, state) for at, one, state in told.wave.states if one == tls and at > told.wave.home_s]
        limits = {phase.state: (phase.min_s, phase.max_s) for phase in rhythm.plan.phases}
        lasted = [(b[0] - a[0], *limits[a[1]]) for a, b in itertools.pairwise(own)]
        assert len(lasted) > 4
        assert all(least <= seconds <= most for seconds, least, most in lasted)


def test_a_coordinated_signal_stays_aside(street: SumoCase, tmp_path: Path) -> None:
    """Its clock and its detectors cannot both be kept: told with the reason, and the others hand over."""
    own = '<param key="coordinated" value="true"/>'
    text = street.net.read_text(encoding="utf-8")
    begin = text.index('<tlLogic id="b" type="static"')
    text = text[:begin] + text[begin:].replace("static", "actuated", 1).replace("</tlLogic>", f"{own}</tlLogic>", 1)
    (tmp_path / "x.net.xml").write_text(text, encoding="utf-8")
    rhythms, aside = case_rhythms(replace(street, net=tmp_path / "x.net.xml"), "rilsa")
    assert set(rhythms) == {"a", "c"}
    assert "coordinated" in aside["b"]


@pytest.mark.parametrize(
    ("wave_s", "blue_s", "dear"),
    [(80.0, 100.0, False), (80.0, math.nan, False), (math.nan, 100.0, True), (110.0, 100.0, True)],
)
def test_to_come_at_all_is_a_gain_and_not_to_come_is_none(wave_s: float, blue_s: float, dear: bool) -> None:
    wave, blue = (Drive(travel_s, 0.0, 300.0, {}, 0.0, 0.0, (), {}) for travel_s in (wave_s, blue_s))
    price = price_of(wave, blue, {})
    assert price.too_dear is dear
    assert both_came([price]) == ([] if math.isnan(wave_s + blue_s) else [price])
