"""What the crowd model promises to the rest of the twin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from crowd_world import Water, corridor, graph_of, plans_of, square_grid, walk

from models import Clock, CoupledCrowd, Exchange, VisitorPlans
from models.crowd.city.walkers import HERE, LINK
from models.crowd.city.whereabouts import whereabouts
from models.flood import limit_of
from networks import BadInput, digest_table


def random_plans(people: int, nodes: int, goals: list[int], seed: int = 1) -> VisitorPlans:
    draw = np.random.default_rng(seed)
    return VisitorPlans(
        draw.uniform(0, 120, people),
        draw.integers(0, nodes, people),
        draw.choice(goals, people),
        np.clip(draw.normal(1.34, 0.26, people), 0.6, 2.0),
        draw.integers(0, 2, people),
    )


def test_tables_have_the_columns_of_the_contract() -> None:
    crowd = walk(square_grid(4), random_plans(50, 16, [0, 15]), 120.0)
    tables = crowd.tables()
    assert list(tables["walkers"].columns) == [
        "depart_s",
        "arrive_s",
        "origin_node",
        "destination_node",
        "group",
    ]
    assert list(tables["links"].columns) == ["time_s", "link_id", "walkers", "density_pm2", "speed_mps"]
    assert len(tables["walkers"]) == 50
    assert set(tables["links"]["time_s"]) <= {60.0, 120.0}
    assert (tables["links"]["walkers"] > 0).all()


def test_nobody_is_lost_or_doubled_while_links_close_and_open() -> None:
    graph, wet = square_grid(5), np.zeros(40)

    def depth(time: float) -> np.ndarray:
        wet[:] = np.random.default_rng(int(time)).uniform(0, 0.5, 40)
        return wet

    def counted(crowd: CoupledCrowd, _: object) -> None:
        here, now = crowd.city.walkers.cells[:, HERE : HERE + 2], crowd.summary
        assert here.min() >= 0
        assert here.sum() == now["walking"]
        due = (crowd.city.plans.depart_s < crowd.now_s).sum()
        assert now["walking"] + now["waiting"] + now["arrived"] == due
        on = crowd.city.walkers.people[:, LINK] >= 0
        there = whereabouts(crowd.city.steps_done, np.flatnonzero(on), crowd.city.streets, crowd.city.walkers)
        assert (np.bincount(there.cell, minlength=len(here)) == here.sum(axis=1)).all()
        assert (there.along_m >= 0).all() and (there.along_m <= there.length_m).all()
        stuck = (there.left <= 0) & (crowd.city.walkers.wake[there.who] > crowd.city.steps_done + 60)
        queues = crowd.city.walkers.waiting.any() or crowd.city.walkers.gated.any()
        assert not stuck.any() or queues or now["stranded"], "whoever is through its cell waits for something"

    walk(graph, random_plans(2000, 25, [0, 12, 24]), 1200.0, depth_m=depth, coupling_s=20.0, on_step=counted)


def test_same_plans_give_the_same_bytes_in_whatever_order_they_come() -> None:
    graph, plans = square_grid(5), random_plans(800, 25, [0, 24])
    turned = VisitorPlans(*(column[::-1] for column in vars(plans).values()))
    first, again, other = (walk(graph, p, 900.0).tables() for p in (plans, plans, turned))
    for name in ("walkers", "links"):
        assert digest_table(first[name]) == digest_table(again[name]) == digest_table(other[name])


def test_coupling_step_does_not_change_who_arrives_when() -> None:
    graph, plans = square_grid(5), random_plans(800, 25, [0, 24])
    coarse, fine = (walk(graph, plans, 900.0, coupling_s=s).tables()["walkers"] for s in (60.0, 5.0))
    assert digest_table(coarse) == digest_table(fine)


def test_the_shortest_dry_way_is_walked() -> None:
    # a square: 0-1-3 is 200 m, 0-2-3 is 240 m; link 1 (1-3) floods at 60 s
    graph = graph_of([(0, 0), (100, 0), (0, 100), (100, 100)], [(0, 1), (1, 3), (0, 2), (2, 3)],
                     length_m=[100, 100, 120, 120])  # fmt: skip
    plans = plans_of([0.0, 100.0], 0, 3, 1.0)
    dry = walk(graph, plans, 600.0).tables()["walkers"]
    assert (dry["arrive_s"] - dry["depart_s"]).tolist() == pytest.approx([200.0, 200.0], abs=0.1)

    wet = walk(graph, plans, 900.0, depth_m=lambda t: np.array([0, 0.31 * (t >= 60), 0, 0])).tables()["walkers"]
    # the flood of the step that ends at 60 s is known at its start
    assert (wet["arrive_s"] - wet["depart_s"]).tolist() == pytest.approx([240.0, 240.0], abs=0.1)


def test_people_are_slower_in_water_that_closes_nothing_and_half_as_fast_at_its_edge() -> None:
    plans = plans_of([0.0, 100.0], 0, 1, 1.0)
    for depth, took in ((0.15, 100 / 0.75), (0.299, 200.0), (0.0, 100.0)):
        crowd = walk(corridor([100.0]), plans, 900.0, depth_m=lambda _, at=depth: np.array([at]))  # type: ignore[misc]
        walkers = crowd.tables()["walkers"]
        assert (walkers["arrive_s"] - walkers["depart_s"]).tolist() == pytest.approx([took, took], abs=1.5)
    rising = walk(corridor([300.0]), plans_of(0.0, 0, 1, 1.0), 900.0,
                  depth_m=lambda t: np.array([0.15 * (t > 120)]))  # fmt: skip
    # 120 m dry, 180 m at three quarters
    assert rising.tables()["walkers"]["arrive_s"].tolist() == pytest.approx([120 + 180 / 0.75], abs=1.5)


def test_who_is_under_way_turns_round_when_that_is_quicker() -> None:
    graph = graph_of([(0, 0), (100, 0), (0, 100), (100, 100)], [(0, 1), (1, 3), (0, 2), (2, 3)],
                     length_m=[100, 90, 100, 100])  # fmt: skip
    crowd = walk(graph, plans_of(0.0, 0, 3, 1.0), 900.0, depth_m=lambda t: np.array([0, t > 60, 0, 0]))
    # 60 m towards node 1, then back 60 m and the other way round 200 m
    assert crowd.tables()["walkers"]["arrive_s"].tolist() == pytest.approx([320.0], abs=0.1)


def test_a_queue_whose_way_floods_turns_round_without_blocking_itself() -> None:
    # 300 people queue on link 0 for the narrow link 1; it floods, and they go back and round over link 2
    graph = graph_of([(0, 0), (60, 0), (100, 0)], [(0, 1), (1, 2), (0, 2)], width_m=[2.5, 0.7, 5.0],
                     length_m=[60, 40, 300])  # fmt: skip
    crowd = walk(graph, plans_of(np.linspace(0, 100, 300), 0, 2), 1200.0, depth_m=lambda t: np.array([0, t > 180, 0]))
    late = crowd.tables()["walkers"].query("arrive_s > 240")
    assert len(late) > 100 and (late["arrive_s"] < 180 + 600).all()
    assert crowd.summary["arrived"] == 300 and crowd.summary["squeezed"] == 0


def test_who_is_caught_wades_out_at_half_speed_and_waits_until_the_way_opens() -> None:
    graph, seen = corridor([100.0, 100.0, 100.0]), {}
    plans = plans_of([0.0, 0.0], [0, 1], 3, 1.0)

    def note(crowd: CoupledCrowd, _: object) -> None:
        on = [crowd.city.individual(row) for row in (0, 1)]
        seen[crowd.now_s] = ([one.link for one in on], [one.along_m for one in on], crowd.summary["stranded"])

    crowd = walk(graph, plans, 900.0, on_step=note, depth_m=lambda t: np.array([0, 0, 0.5]) * (100 < t <= 600))
    # at 60 s they stand at 60 m of links 0 and 1; link 2 is flooded from the step 60-120 s on
    assert seen[120.0] == ([0, 1], pytest.approx([60.0, 60.0], abs=0.1), 2)
    assert seen[600.0] == seen[120.0]
    assert crowd.tables()["walkers"]["arrive_s"].tolist() == pytest.approx([840.0, 740.0], abs=0.2)

    caught = walk(graph, plans, 900.0, depth_m=lambda t: np.array([0, 0.5, 0]) * (t > 60))
    arrive = caught.tables()["walkers"]["arrive_s"].tolist()
    assert np.isnan(arrive[0]) and arrive[1] == pytest.approx(60 + 40 / 0.5 + 100, abs=0.2)
    assert caught.summary["stranded"] == 1


def test_who_is_caught_far_inside_the_water_wades_on_over_closed_paths_and_stops_at_the_dry_end() -> None:
    graph = corridor([100.0, 40.0, 40.0, 100.0])
    seen = {}

    def note(crowd: CoupledCrowd, _: object) -> None:
        one = crowd.city.individual(0)
        seen[crowd.now_s] = (one.link, round(one.along_m), crowd.summary["stranded"])

    walk(graph, plans_of(0.0, 0, 4, 1.0), 600.0, on_step=note, coupling_s=10.0,
         depth_m=lambda t: np.array([0, 0.5, 0.5, 0.5]) * (t > 120))  # fmt: skip
    # at 120 s it is 20 m into link 1, 20 m from the dry end; the goal's side is under water all the way
    assert seen[120.0] == (1, 20, 0) and seen[150.0][0] == 1 and seen[150.0][1] == 35
    assert seen[170.0] == seen[600.0] == (1, 40, 1)
    seen.clear()
    walk(graph, plans_of(0.0, 0, 4, 1.0), 600.0, on_step=note, coupling_s=10.0,
         depth_m=lambda t: np.array([0.5, 0.5, 0.5, 0]) * (t > 150))  # fmt: skip
    # at 150 s it is 10 m into link 2: 30 m of wading to the dry end, then 100 m
    assert seen[150.0] == (2, 10, 0) and seen[200.0][0] == 2 and seen[220.0][0] == 3


def test_crossings_count_who_is_on_them_and_make_people_wait() -> None:
    graph = corridor([100.0, 20.0, 100.0], crossing={1: ("b", "not drivable")})
    seen = []
    crowd = walk(
        graph, plans_of([0.0, 0.5, 50.0], 0, 3, 1.0), 600.0, coupling_s=10.0, edge_ids=("a", "b"), crossing_wait_s=12.0,
        on_step=lambda _, exchange: seen.append(exchange.fields["crossing_walkers"].tolist()),
    )  # fmt: skip
    assert crowd.tables()["walkers"]["arrive_s"].tolist() == pytest.approx([232.0, 232.5, 282.0], abs=0.6)
    assert seen[10] == [0.0, 0.0] and seen[11] == [0.0, 2.0] and seen[12] == [0.0, 2.0] and seen[16] == [0.0, 1.0]


class Signal:
    """The lights of one edge, 40 s green for vehicles and 20 s red: a model on the clock, after the crowd."""

    name = "lights"
    reads: Sequence[str] = ()
    writes: Sequence[str] = ("exit_green", "entry_green")
    green_s, cycle_s = 40.0, 60.0

    def start(self, exchange: Exchange) -> None:
        self.advance(0.0, exchange)

    def advance(self, until: float, exchange: Exchange) -> None:
        exchange.fields["exit_green"] = np.array([float(until % self.cycle_s < self.green_s)])
        exchange.fields["entry_green"] = np.array([np.nan])

    def close(self) -> None:
        pass


@pytest.mark.parametrize("signal_away_m", [5.0, 40.0])
def test_people_cross_at_a_signal_while_no_vehicle_may_come_and_as_many_as_fit(signal_away_m: float) -> None:
    graph = corridor([100.0, 10.0, 100.0], [8.0, 2.0, 8.0], crossing={1: ("road",)})
    plans = plans_of([0.0, 48.0, *np.full(100, 400.0)], 0, 3, 1.0)
    ends = (np.array([[105.0, -200.0]]), np.array([[105.0 + signal_away_m, 0.0]]))
    crowd = CoupledCrowd(graph, plans, edge_ids=("road",), crossing_wait_s=3.0, ends=ends)
    Clock([Water(lambda _: np.zeros(3)), crowd, Signal()], step_s=5.0).run(900.0)
    arrive = crowd.tables()["walkers"]["arrive_s"].to_numpy()
    if signal_away_m > 30.0:  # a crossing by itself: everybody waits as long as is expected
        assert arrive[:2].tolist() == pytest.approx([213.0, 261.0], abs=0.5)
        return
    # at the kerb at 100 s, when vehicles have just got red: seen at two looks at 105 s; at 148 s: over at 165 s
    assert arrive[:2].tolist() == pytest.approx([105.0 + 110, 165.0 + 110], abs=1.0)
    # a hundred at the kerb at 500 s: 15 s from 525 s on as many as 2 m let through, and again a minute later
    crowd_s = np.sort(arrive[2:])
    assert crowd_s[0] > 525 + 100 and not ((crowd_s > 664) & (crowd_s < 690)).any()
    assert (crowd_s < 680).sum() == pytest.approx(1.225 * 2 * 15, abs=4)
    assert (crowd_s < 740).sum() == pytest.approx(2 * 1.225 * 2 * 15, abs=8)


def test_nobody_waits_for_ever_at_a_signal_that_never_stops_the_vehicles() -> None:
    signal = Signal()
    signal.green_s = 60.0
    ends = (np.array([[105.0, -200.0]]), np.array([[105.0, 5.0]]))
    graph = corridor([100.0, 10.0, 100.0], 8.0, crossing={1: ("road",)})
    crowd = CoupledCrowd(graph, plans_of([0.0, 200.0], 0, 3, 1.0), edge_ids=("road",), ends=ends)
    Clock([Water(lambda _: np.zeros(3)), crowd, signal], step_s=5.0).run(900.0)
    # red since the run's begin: over after 150 s
    assert crowd.tables()["walkers"]["arrive_s"].tolist() == pytest.approx([150 + 110, 200 + 210], abs=1.0)


def test_a_crowd_at_the_kerb_does_not_let_a_red_press_it_together() -> None:
    signal = Signal()
    signal.green_s, signal.cycle_s = 130.0, 150.0
    ends = (np.array([[105.0, -200.0]]), np.array([[105.0, 5.0]]))
    graph = corridor([100.0, 10.0, 100.0], 4.0, crossing={1: ("road",)})
    crowd = CoupledCrowd(graph, plans_of(np.arange(200, 600, 0.5), 0, 3, 1.0), edge_ids=("road",), ends=ends)
    Clock([Water(lambda _: np.zeros(3)), crowd, signal], step_s=5.0).run(1500.0)
    arrive = np.sort(crowd.tables()["walkers"]["arrive_s"])
    # the first is there at 300 s, when vehicles get green, until 430 s; two a second come: after 40 s the last ten
    # metres hold 80 of them at 2 persons/m2
    assert arrive[0] == pytest.approx(300 + 40 + 110, abs=25)
    assert np.isfinite(arrive).all() and crowd.city.person_seconds_above(3.5).sum() == 0


def test_density_beside_a_road_is_that_of_all_the_ways_along_it() -> None:
    graph = corridor([100.0, 50.0, 100.0], [2.0, 4.0, 2.0])
    plans = plans_of(np.zeros(60), np.repeat([0, 1], [20, 40]), np.repeat([1, 2], [20, 40]), 0.2)
    seen = {}
    walk(
        graph, plans, 60.0, edge_ids=("a", "b", "c"), along=np.array([[0, 0], [1, 0], [1, 1]]),
        on_step=lambda crowd, exchange: seen.update({crowd.now_s: exchange.fields["roadside_pm2"].tolist()}),
    )  # fmt: skip
    assert seen[60.0] == pytest.approx([60 / 400, 40 / 200, 0.0])


def test_density_of_a_link_is_that_of_its_fullest_cell() -> None:
    fields = {}
    walk(
        corridor([200.0], 2.0), plans_of(np.zeros(40), 0, 1, 0.1), 60.0,
        on_step=lambda _, exchange: fields.update(exchange.fields),
    )  # fmt: skip
    # 40 people within the first 10 m x 2 m, nobody on the other 190 m: 2 persons/m2, not 0.1
    assert fields["link_density_pm2"].tolist() == pytest.approx([2.0])


def test_person_seconds_are_counted_in_every_step() -> None:
    plans = plans_of(np.zeros(60), 0, 1, 0.05)
    crowd = walk(corridor([100.0], 2.0), plans, 60.0, coupling_s=1.0, on_step=(states := States()))
    above = {density: crowd.city.person_seconds_above(density).sum() for density in (2.0, 3.5, 5.0)}
    for density, seconds in above.items():
        assert seconds == pytest.approx(states.above(density), abs=60 * 5)
    assert above[2.0] > 1000 > above[3.5]
    with pytest.raises(BadInput, match=r"above 4\.0"):
        crowd.city.person_seconds_above(4.0)


class States:
    """People per cell of 10 m x 2 m, looked at from outside at the end of every second."""

    def __init__(self) -> None:
        self.cells: list[np.ndarray] = []

    def __call__(self, crowd: CoupledCrowd, _: object) -> None:
        on = np.flatnonzero(crowd.city.walkers.people[:, LINK] >= 0)
        there = whereabouts(crowd.city.steps_done, on, crowd.city.streets, crowd.city.walkers)
        self.cells.append(np.bincount((there.along_m // 10.0).astype(int), minlength=11))

    def above(self, density: float) -> float:
        """Each state holds for the second after it; the last one has not been walked yet."""
        return float(sum(state[state / 20.0 > density].sum() for state in self.cells[:-1]))


def test_full_links_block_back_and_come_apart_again() -> None:
    # a wide street feeds a narrow passage: the street fills, the street before it too, nobody is denser than the jam
    graph, peaks = corridor([50.0, 30.0, 50.0], [4.0, 4.0, 0.5]), []
    crowd = walk(graph, plans_of(np.linspace(0, 300, 1200), 0, 3), 3000.0,
                 on_step=lambda _, e: peaks.append(e.fields["link_density_pm2"].copy()))  # fmt: skip
    top = np.max(peaks, axis=0)
    assert top[1] > 3.5 and top[0] > 3.5
    assert top.max() <= 5.4 * 1.02
    assert crowd.summary["arrived"] == 1200
    assert crowd.summary["squeezed"] == 0


def test_crowds_that_meet_head_on_come_apart() -> None:
    graph = corridor([30.0, 30.0, 30.0], 1.5)
    both = plans_of(np.zeros(600), np.tile([0, 3], 300), np.tile([3, 0], 300))
    crowd = walk(graph, both, 3600.0)
    assert crowd.summary["arrived"] == 600


def test_a_thousand_people_round_a_loop_do_not_lock_for_good() -> None:
    # each wants two links on, round a triangle that is far too small for all: everybody blocks somebody
    graph = graph_of([(0, 0), (20, 0), (10, 17)], [(0, 1), (1, 2), (2, 0)], width_m=1.0, length_m=[20, 20, 21])
    start = np.tile([0, 1, 2], 300)
    crowd = walk(graph, plans_of(np.zeros(900), start, (start + 2) % 3), 7200.0)
    assert crowd.summary["arrived"] == 900


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"origin_node": [99]}, "origin_node is 99"),
        ({"destination_node": [-1]}, "destination_node is -1"),
        ({"free_speed_mps": [0.0]}, "free speed of 0.0"),
        ({"depart_s": [np.nan]}, "no departure time"),
        ({"group": [0, 1]}, "differ in shape"),
    ],
)
def test_plans_that_cannot_be_walked_are_refused(change: dict[str, list[float]], told: str) -> None:
    columns = {"depart_s": [0.0], "origin_node": [0], "destination_node": [1], "free_speed_mps": [1.3], "group": [0]}
    with pytest.raises(BadInput, match=told):
        CoupledCrowd(corridor([10.0]), VisitorPlans(**{**columns, **change}), edge_ids=())


@pytest.mark.parametrize("wrong", [{"step_s": 0.0}, {"capacity_pms": 0.0}])
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        CoupledCrowd(corridor([10.0]), plans_of(0.0, 0, 1), **{"edge_ids": (), **wrong})  # type: ignore[arg-type]


def test_links_without_width_are_refused() -> None:
    with pytest.raises(BadInput, match=r"width_m 0\.0"):
        CoupledCrowd(corridor([10.0, 10.0], [2.0, 0.0]), plans_of(0.0, 0, 1), edge_ids=())


def test_nobody_at_all_is_no_error() -> None:
    crowd = walk(corridor([10.0]), plans_of([], 0, 1), 120.0)
    assert crowd.tables()["links"].empty and crowd.tables()["walkers"].empty


def test_who_is_where_they_want_to_be_arrives_at_once() -> None:
    crowd = walk(corridor([10.0]), plans_of([5.5], 1, 1), 60.0)
    assert crowd.tables()["walkers"]["arrive_s"].tolist() == [5.5]


@pytest.mark.parametrize(("notice_s", "known_after_s"), [(0.0, 5.0), (60.0, 60.0)])
def test_people_learn_of_a_flooded_path_when_they_next_look(notice_s: float, known_after_s: float) -> None:
    crowd = CoupledCrowd(corridor([50.0, 50.0]), plans_of(1e6, 0, 2), edge_ids=(), notice_s=notice_s)
    exchange = Exchange(fields={"link_depth_m": np.zeros(2), "link_force_m2s": np.zeros(2)})
    crowd.start(exchange)
    crowd.advance(5.0, exchange)
    exchange.fields["link_depth_m"] = np.array([0.0, 1.0])
    closed_at = np.nan
    for until in np.arange(10.0, 100.0, 5.0):
        crowd.advance(until, exchange)
        if crowd.closed[1] and np.isnan(closed_at):
            closed_at = until - 5.0
    assert closed_at == known_after_s


def test_paths_close_by_the_table_of_limits() -> None:
    """By depth and by depth times speed; what is closed opens when both are well below; adults pass deeper water."""
    people, walker = plans_of(1e6, 0, 2), limit_of("walker")
    crowd = CoupledCrowd(corridor([50.0, 50.0]), people, edge_ids=())
    still, closed = np.zeros(2), crowd.closed
    crowd.set_water(np.array([walker.depth_m - 0.001, walker.depth_m]), still)
    assert closed.tolist() == [False, True]
    crowd.set_water(np.array([0.1, 0.9 * walker.depth_m]), np.array([walker.force_m2s, 0.0]))
    assert closed.tolist() == [True, True], "fast water closes, and what was closed waits for clearly less"
    crowd.set_water(np.full(2, 0.5 * walker.depth_m), still)
    assert closed.tolist() == [False, False]
    adults = CoupledCrowd(corridor([50.0, 50.0]), people, edge_ids=(), limit=limit_of("adult"))
    adults.set_water(np.array([0.6, 1.3]), still)
    assert adults.closed.tolist() == [False, True]
