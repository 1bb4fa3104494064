"""RiMEA tests 8 and 14, which have no criterion: what the model does is written down."""

from __future__ import annotations

import numpy as np
from shapely.geometry import box

from models.crowd.hotspot.choosing import LeastTime
from models.crowd.hotspot.placing import scattered
from models.crowd.hotspot.spot import HotSpot
from models.crowd.hotspot.walking import Walking
from models.crowd.validation.rimea.outcome import Drawing, Outcome, check
from models.streams import stream


def what_figures_do(degrees: float) -> Outcome:
    """Test 8: how the time to leave answers to the model's figures; here a flat room of 10 m x 10 m with 100 people.

    The guideline draws three storeys; hot spots are flat (declared). Each figure is changed by a fifth, alone.
    """
    draw = Drawing(degrees)
    area, door = draw.area([(0, 0), (10, 0), (10, 10), (0, 10)]), draw.door("out", (10, 4.5), (10, 5.5))
    flat = scattered(box(0, 0, 10, 10), 100, 0.35, stream(8, "rimea 8"))
    usual, times, tracks = Walking(), {}, None
    cases = {
        "as it is": (usual, 1.34),
        "speed + 20 %": (usual, 1.34 * 1.2),
        "time gap + 20 %": (Walking(time_gap_s=usual.time_gap_s * 1.2), 1.34),
        "radius + 20 %": (Walking(radius_m=usual.radius_m * 1.2), 1.34),
    }
    for name, (walking, speed) in cases.items():
        with HotSpot(area, (), [door], walking=walking) as spot:
            for x, y in flat:
                spot.put(*draw.at(x, y), "out", speed)
            while spot.still_there() and spot.now_s < 300:
                spot.advance(spot.now_s + 2)
            times[name] = float(np.max([person.left_s for person in spot.people.values()]))
            tracks = tracks or spot.tracks()
    assert tracks is not None
    checks = tuple(check(8, degrees, f"time to leave, {name} (s)", took, None) for name, took in times.items())
    return Outcome(8, "What the model's figures do", degrees, checks, area, (door,), tracks)


def the_longer_way_round(degrees: float) -> Outcome:
    """Test 14: a short way with a queue or a longer one without; the share that takes the longer one is written down.

    The guideline's ways lead over stairs and storeys; here both are on the flat (declared).
    """
    draw = Drawing(degrees)
    area = draw.area([(0, 0), (30, 0), (30, 8), (0, 8)])
    doors = (draw.door("short", (8, 0), (8.8, 0)), draw.door("long", (28, 0), (28.8, 0)))
    flat = scattered(box(0, 0, 8, 8), 120, 0.35, stream(14, "rimea 14"))
    with HotSpot(area, (), doors) as spot:
        for x, y in flat:
            spot.put(*draw.at(x, y), "short", 1.34)
        crowd = LeastTime(spot, ["short", "long"])
        while spot.still_there() and spot.now_s < 300:
            crowd.advance(spot.now_s + 2)
        share = float(np.mean([person.to == spot.door("long") for person in spot.people.values()]))
        tracks = spot.tracks()
    checks = (check(14, degrees, "share that takes the longer way", share, None),)
    return Outcome(14, "The longer way round", degrees, checks, area, doors, tracks)
