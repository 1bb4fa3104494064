"""A live town: what it counts corrects its demand and its streets, its copies agree with each other, and it says so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from live_streets import RHYTHM, WATCHED, at, counted_day, small_case, usual_of

from calibration.counting import Counts
from calibration.live import Cycle, LiveTown, Usual
from calibration.live.dressing import COPIES
from models.sumo import SumoCase, can_fork
from models.sumo.changes import LanesClosed
from models.sumo.diverted import Diverted
from networks.errors import BadInput

pytestmark = pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[SumoCase, Usual, Counts]:
    folder = tmp_path_factory.mktemp("streets")
    case = small_case(folder)
    usual = usual_of(case)
    return case, usual, counted_day(case, usual, (2.0, 0.6, 0.6), folder)


def followed(town: tuple[SumoCase, Usual, Counts], folder: Path, moments: list[float]) -> list[Cycle]:
    case, usual, day = town
    with LiveTown(case, usual, WATCHED, WATCHED, folder, rhythm=RHYTHM, ways={"there": ("in", "right")}) as live:
        return [live.cycle(now_s, at(day, WATCHED, now_s)) for now_s in moments]


def test_counts_reach_streets_that_nobody_counts(town: tuple[SumoCase, Usual, Counts], tmp_path: Path) -> None:
    day = town[2]
    cycles = followed(town, tmp_path / "a", [1500.0, 1800.0])
    last = cycles[-1]
    flow, _, there = last.forecasts
    assert last.members == 4 and not last.left_out and last.anchor_s == 1500.0
    assert flow.begin_s == flow.made_s == 1800.0 and flow.members.shape == (4 * COPIES, 5, 2)
    row, truth = flow.places.index("in"), day.vehicles[day.edges.index("in"), 6:8]
    wrong_as_usual = np.abs(40.0 - truth).mean()
    assert np.abs(flow.median[row] - truth).mean() < 0.7 * wrong_as_usual  # 52 on `in` instead of 40
    assert last.factor[0] <= last.factor[1] <= last.factor[2]
    assert last.misfit < 6.0  # as usual: GEH 12 at `left`
    assert np.all((there.members > 30) & (there.members < 300))  # some 600 m at 50 km/h and less


def test_a_mesoscopic_town_is_corrected_too_and_is_another_town(
    town: tuple[SumoCase, Usual, Counts], tmp_path: Path
) -> None:
    case, usual, day = town
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "meso", rhythm=RHYTHM, meso=True) as live:
        cycles = [live.cycle(now_s, at(day, WATCHED, now_s)) for now_s in (1200.0, 1500.0, 1800.0)]
    last = cycles[-1]
    assert last.members == 4 and not last.left_out and last.misfit < 6.0
    flow = last.forecasts[0]
    row, truth = flow.places.index("in"), day.vehicles[day.edges.index("in"), 6:8]
    assert np.abs(flow.median[row] - truth).mean() < 0.7 * np.abs(40.0 - truth).mean()
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "meso", rhythm=RHYTHM, meso=True) as live:
        assert live.now_s == 1800.0
    with pytest.raises(BadInput, match="another town"):
        LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "meso", rhythm=RHYTHM)


def test_the_same_counts_and_seed_give_the_same_forecasts(town: tuple[SumoCase, Usual, Counts], tmp_path: Path) -> None:
    once, again = (followed(town, tmp_path / name, [900.0, 1200.0]) for name in ("a", "b"))
    for first, second in zip(once, again, strict=True):
        for one, other in zip(first.forecasts, second.forecasts, strict=True):
            np.testing.assert_array_equal(one.members, other.members)
    assert len({one.tobytes() for one in once[-1].forecasts[0].members}) == 4 * COPIES  # and members differ


def test_a_closed_lane_shows_at_the_sensors_of_the_alternative_alone(
    town: tuple[SumoCase, Usual, Counts], tmp_path: Path
) -> None:
    case, usual, day = town
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "a", rhythm=RHYTHM) as live:
        with pytest.raises(BadInput, match="nothing was corrected yet"):
            live.try_changes({"open": ()})
        live.cycle(1200.0, at(day, WATCHED, 1200.0))
        closed = LanesClosed(("side_0",))
        told = live.try_changes({"open": (), "closed": (closed,)})
        assert told["open"][0].shape == (2, 1)
        assert told["closed"][0][1, 0] < 0.7 * told["open"][0][1, 0]
        np.testing.assert_array_equal(told["closed"][0][0], told["open"][0][0])
        known = live.cycle(1500.0, at(day, WATCHED, 1500.0), known=[(1350.0, closed)])
        flow = known.forecasts[0]
        assert flow.median[flow.places.index("side")].max() == 0.0 and not known.left_out


def test_a_diversion_that_is_known_no_more_ends_and_one_ordered_anew_begins(
    town: tuple[SumoCase, Usual, Counts], tmp_path: Path
) -> None:
    case, usual, day = town
    signs = Diverted(("out",), 0.3, 1, ("in",), for_s=3600.0)
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "a", rhythm=RHYTHM) as live:
        for now_s, known in ((1200.0, []), (1500.0, [(1150.0, signs)]), (1800.0, []), (2100.0, [(1700.0, signs)])):
            live.cycle(now_s, at(day, WATCHED, now_s), known=known)
    told = [json.loads(str(np.load(file)["done"])) for file in sorted((tmp_path / "a").rglob("cycles/*.npz"))]
    kinds = [[change["kind"] for _, changes in done for change in changes] for done in told]
    assert [{"diverted", "diversion_ended"} & set(one) for one in kinds] == [
        set(), {"diverted"}, {"diversion_ended"}, {"diverted"}
    ]  # fmt: skip


def test_bad_moments_and_sensors_are_named(town: tuple[SumoCase, Usual, Counts], tmp_path: Path) -> None:
    case, usual, day = town
    with pytest.raises(BadInput, match="sensor s watches edge 'nowhere'"):
        LiveTown(case, usual, ("s",), ("nowhere",), tmp_path / "a")
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "b", rhythm=RHYTHM) as live:
        with pytest.raises(BadInput, match="a cycle at 1000 s"):
            live.cycle(1000.0, at(day, WATCHED, 900.0))
        with pytest.raises(BadInput, match="sensor 'in' was not there"):
            live.cycle(900.0, at(day, ("in",), 900.0))
