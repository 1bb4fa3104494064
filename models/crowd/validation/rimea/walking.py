"""RiMEA tests 1, 4, 5, 6 and 7, and 2, 3, 13 (stairs): how single people and streams walk."""

from __future__ import annotations

import numpy as np
from shapely import contains_xy

from models.crowd.hotspot.density import density_and_speed
from models.crowd.hotspot.spot import HotSpot
from models.crowd.speed import weidmann_speed
from models.crowd.validation.rimea.outcome import Drawing, Outcome, check
from models.streams import stream

SPEED_MPS = 1.33
AGES_MPS = {"under 30": (0.58, 1.61), "30 to 50": (1.41, 1.54), "over 50": (0.68, 1.41), "limited": (0.46, 0.76)}
"""Least and largest walking speed of each group (m/s): table 1 of the guideline as Zhou et al. 2015 quote it."""


def keeps_its_speed(degrees: float) -> Outcome:
    """Test 1: one person walks 40 m at 1.33 m/s; the time may differ by 5 % (26 to 34 s with what a start may cost)."""
    draw = Drawing(degrees)
    area, door = draw.area([(0, 0), (42, 0), (42, 2), (0, 2)]), draw.door("out", (42, 0.4), (42, 1.6))
    with HotSpot(area, (), [door]) as spot:
        spot.put(*draw.at(0.5, 1.0), "out", SPEED_MPS)
        spot.advance(40.0)
        tracks = spot.tracks()
    took = float(
        tracks.crossings_s(draw.at(41, 0), draw.at(41, 2))[0] - tracks.crossings_s(draw.at(1, 0), draw.at(1, 2))[0]
    )
    checks = (check(1, degrees, "time over 40 m, relative error", abs(took * SPEED_MPS / 40 - 1), 0.05),)
    return Outcome(1, "A speed that was set is kept", degrees, checks, area, (door,), tracks)


def keeps_its_speed_on_stairs(degrees: float) -> Outcome:
    """Tests 2, 3 and 13: stairs are ground on which a share of the speed is kept; 10 m of it at half the speed.

    Declared limits: a stair is flat here and as wide as drawn; up and down differ by the share only; the change of
    speed is known to a frame (0.5 s).
    """
    draw = Drawing(degrees)
    area, door = draw.area([(0, 0), (22, 0), (22, 2), (0, 2)]), draw.door("out", (22, 0.4), (22, 1.6))
    stair = draw.slow([(5, 0), (16, 0), (16, 2), (5, 2)], 0.5)
    with HotSpot(area, (), [door], slow=[stair]) as spot:
        spot.put(*draw.at(0.5, 1.0), "out", SPEED_MPS)
        spot.advance(40.0)
        tracks = spot.tracks()
    took = float(
        tracks.crossings_s(draw.at(16, 0), draw.at(16, 2))[0] - tracks.crossings_s(draw.at(6, 0), draw.at(6, 2))[0]
    )
    checks = (check(2, degrees, "time on 10 m of stair, rel. error", abs(took * SPEED_MPS / 2 / 10 - 1), 0.05),)
    return Outcome(2, "A speed that was set is kept on stairs", degrees, checks, area, (door,), tracks)


def slower_where_dense(degrees: float) -> Outcome:
    """Test 4: speed falls with density as in the fundamental diagram.

    The guideline fills a closed corridor at set densities; here a corridor of 3 m x 16 m is fed at one end and lets out
    at set rates at the other, so that what jams back has the density of that flow. The sources give no limit; this
    project's: speed never rises with density by more than 0.1 m/s, and from 0.5 to 3.5 persons/m2 it is within 0.25 m/s
    of Weidmann (1993) on average.
    """
    draw = Drawing(degrees)
    area = draw.area([(0, 0), (16, 0), (16, 3), (0, 3)])
    field = draw.area([(5, 0.4), (9, 0.4), (9, 2.6), (5, 2.6)])
    rows, tracks, doors = [], None, None
    for outflow in (0.6, 1.5, 2.5, 6.0):
        doors = (draw.door("in", (0, 0), (0, 3)), draw.door("out", (16, 0), (16, 3), outflow))
        speeds = stream(4, "rimea 4").normal(SPEED_MPS, 0.1, 300).tolist()
        with HotSpot(area, (), doors) as spot:
            spot.enter("in", "out", speeds)
            spot.advance(70.0)
            tracks = spot.tracks()
        seen = density_and_speed(tracks, area, field, every_s=2.0)
        rows.append(seen[(seen[:, 0] > 8) & (seen[:, 1] > 0.3) & np.isfinite(seen[:, 2])])
    assert tracks is not None
    assert doors is not None
    seen = np.concatenate(rows)
    edges = np.arange(0.25, 4.5, 0.5)
    own = np.digitize(seen[:, 1], edges)
    means = np.array([seen[own == i, 1:].mean(axis=0) for i in range(1, len(edges)) if (own == i).sum() >= 3])
    rise = float(np.diff(means[:, 1]).max(initial=0))
    inside = means[(means[:, 0] > 0.5) & (means[:, 0] < 3.5)]
    off = float(np.abs(inside[:, 1] - weidmann_speed(inside[:, 0], SPEED_MPS)).mean())
    checks = (
        check(4, degrees, "speed rises with density (m/s)", max(rise, 0.0), 0.1),
        check(4, degrees, "off Weidmann, mean (m/s)", off, 0.25),
    )
    return Outcome(4, "Slower where it is denser", degrees, checks, area, doors, tracks)


def sets_out_when_told(degrees: float) -> Outcome:
    """Test 5: ten people in a room of 8 m x 5 m set out after 10, 20, ... 100 s, each within a frame of its time."""
    draw = Drawing(degrees)
    area, door = draw.area([(0, 0), (8, 0), (8, 5), (0, 5)]), draw.door("out", (8, 2), (8, 3))
    with HotSpot(area, (), [door]) as spot:
        starts = {}
        for i in range(10):
            number = spot.put(*draw.at(1 + i % 5, 1 + 2 * (i // 5)), "out", SPEED_MPS, start_s=10.0 * (i + 1))
            assert number is not None
            starts[number] = 10.0 * (i + 1)
        spot.advance(115.0)
        tracks = spot.tracks()
    late = []
    for number, start in starts.items():
        rows = tracks.person == number
        moved = np.hypot(*(tracks.xy_m[rows] - tracks.xy_m[rows][0]).T) > 0.05
        late.append(abs(tracks.frame[rows][moved][0] * tracks.every_s - tracks.every_s - start))
    checks = (check(5, degrees, "off the time to set out, most (s)", float(max(late)), 0.5),)
    return Outcome(5, "People set out when they are told", degrees, checks, area, (door,), tracks)


def walks_round_a_corner(degrees: float) -> Outcome:
    """Test 6: twenty people go round a corner to the left in a corridor of 2 m; nobody goes through a wall or stays."""
    draw = Drawing(degrees)
    area = draw.area([(0, 0), (12, 0), (12, 10), (10, 10), (10, 2), (0, 2)])
    door = draw.door("out", (10, 10), (12, 10))
    with HotSpot(area, (), [door]) as spot:
        for i in range(20):
            spot.put(*draw.at(0.5 + 0.6 * (i % 10), 0.6 + 0.8 * (i // 10)), "out", SPEED_MPS)
        spot.advance(40.0)
        tracks, left = spot.tracks(), spot.still_there()
    people = len(np.unique(tracks.person))
    outside = ~contains_xy(area.buffer(1e-6), tracks.xy_m[:, 0], tracks.xy_m[:, 1])
    checks = (
        check(6, degrees, "places outside the walls", float(outside.sum()), 0),
        check(6, degrees, "of 20 people not round", float(20 - people + left), 0),
    )
    return Outcome(6, "Round a corner", degrees, checks, area, (door,), tracks)


def walks_at_the_speed_of_its_age(degrees: float) -> Outcome:
    """Test 7: fifty people with speeds of their group; each walks alone, at a speed of that group (to 1 %)."""
    draw = Drawing(degrees)
    area = draw.area([(0, 0), (60, 0), (60, 100), (0, 100)])
    doors = tuple(draw.door(f"lane {i}", (60, 2 * i + 0.6), (60, 2 * i + 1.4)) for i in range(50))
    chance = stream(7, "rimea 7")
    with HotSpot(area, (), doors) as spot:
        groups = {}
        for i in range(50):
            group = list(AGES_MPS)[i % 4]
            number = spot.put(*draw.at(1, 2 * i + 1), f"lane {i}", float(chance.uniform(*AGES_MPS[group])))
            assert number is not None
            groups[number] = group
        spot.advance(30.0)
        tracks = spot.tracks()
    velocity = np.hypot(*tracks.velocity_mps(over_s=2.0).T)
    wrong = 0
    for number, group in groups.items():
        mine = velocity[(tracks.person == number) & (tracks.frame > 4)][:-4]
        low, high = AGES_MPS[group]
        wrong += not (low * 0.99 <= np.median(mine) <= high * 1.01)
    checks = (check(7, degrees, "of 50 people outside their group", float(wrong), 0),)
    return Outcome(7, "Speeds by age", degrees, checks, area, doors, tracks)
