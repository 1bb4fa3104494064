"""Stages whose traffic detectors before the stop lines can tell: those that actuated control may stretch."""

from __future__ import annotations

from networks.signals.controllers.controller import Controller
from networks.signals.layouts.layout import Layout
from networks.signals.layouts.streams import short_inner

Lane = tuple[str, int]


def detectable_stages(layout: Layout, controller: Controller) -> frozenset[int]:
    """Numbers of the stages in which every lane that is green is green for all its traffic.

    A queue on a lane that waits for one of its movements says nothing about the others. On short edges inside the
    controller there is no room for a detector: SUMO looks at the lane before, whose traffic then must be green, too.
    """
    links: dict[Lane, set[int]] = {}
    for movement in layout.movements:
        links.setdefault((movement.from_edge, movement.from_lane), set()).add(movement.index)
    together = _chained(layout, links)
    found = set()
    for number, stage in enumerate(controller.stages):
        green = {link for name in stage.groups for link in controller.named[name].links}
        if green and all(own <= green for own in together if own & green):
            found.add(number)
    return frozenset(found)


def _chained(layout: Layout, links: dict[Lane, set[int]]) -> list[set[int]]:
    """The links of each lane, with those of the short lanes that it feeds."""
    short = short_inner(layout)
    joined = {lane: set(own) for lane, own in links.items()}
    for movement in layout.movements:
        if movement.to_edge in short:
            lane = (movement.to_edge, movement.to_lane)
            union = joined.get(lane, set()) | joined[movement.from_edge, movement.from_lane]
            for other in [lane, *(k for k in joined if joined[k] & union)]:
                joined[other] = union
    return list(joined.values())
