"""A ring plan from a timing: barriers between streets, phases from the runs of stages in which links stay green."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from networks.errors import BadInput
from networks.signals.groups.grouping import crosses_oncoming
from networks.signals.layouts.layout import Layout
from networks.timing.coordinating import offset_at
from networks.timing.coordination import ReferencePoint
from networks.timing.lamps import GREEN, YELLOW
from networks.timing.ring_plan import MOST_PHASES, RingPhase, RingPlan
from networks.timing.siding import part_sides
from networks.timing.spanning import Tile, best_tilings, letter_in, tiles_of
from networks.timing.timed_stage import TimedStage
from networks.timing.timing import Timing


@dataclass(frozen=True)
class _Draft:
    """A phase before it has a number: stages by their place in the rotated order, and link -> letter."""

    barrier: int
    ring: int
    position: int
    tile: Tile
    shows: dict[int, str]


def rings_of(timing: Timing, layout: Layout) -> RingPlan:
    """The phases that show a timing on a ring-and-barrier controller.

    Stages in a row that serve the same streets stand between the same barriers. Where links are green over several of
    them, these are told in two rings; otherwise opposite approaches are. Phases are numbered as NEMA controllers are
    (2 and 6 the busier street, odd numbers its turns) where two barriers and two phases a ring are enough.

    The times of a change are told as one yellow and one red for each phase: who ends later or begins earlier than
    the others is not held.

    Raises:
        BadInput: More than eight phases are needed.
    """
    moving = _moving(timing)
    rotated = _from_main_street(timing, layout, moving)
    barriers = _barriers(rotated, layout, moving, timing)
    drafts = [
        draft
        for barrier, (begin, end) in enumerate(barriers, 1)
        for draft in _between(layout, rotated, moving, (begin, end), barrier, may_part=len(barriers) <= 2)
    ]
    numbers = _numbers(drafts, layout, timing)
    phases = tuple(_phase(timing, rotated, draft, number) for draft, number in zip(drafts, numbers, strict=True))
    lamps = {link: n for n, link in _lamps(timing)}
    parted = [_interrupted(rotated, draft, number, lamps) for draft, number in zip(drafts, numbers, strict=True)]
    count = sum(len(group.links) for group in timing.groups)
    letters = {link: "".join(step.shows[n] for step in timing.steps()) for n, link in _lamps(timing)}
    red = "".join(next((c for c in letters[k] if c in "rs"), "r") for k in range(count))
    return RingPlan(
        tls_id=timing.tls_id,
        program_id=timing.program_id,
        control=timing.control,
        offset_s=offset_at(timing, ReferencePoint.BEGIN_OF_GREEN, rotated[0].name),
        phases=phases,
        constant={link: letters[link][0] for _, link in _lamps(timing) if link not in moving},
        red=red,
        without_yellow=frozenset(k for g in timing.groups if not g.yellow_s for k in g.links),
        red_ambers_s={k: g.red_amber_s for g in timing.groups if g.red_amber_s for k in g.links},
        interrupted=frozenset().union(*parted),
        source=timing.source,
        params=timing.params,
    )


def _lamps(timing: Timing) -> list[tuple[int, int]]:
    return [(n, link) for n, group in enumerate(timing.groups) for link in group.links]


def _moving(timing: Timing) -> dict[int, int]:
    """Link -> its lamp group, for the links that are green now and then."""
    steps = timing.steps()
    return {
        link: n
        for n, link in _lamps(timing)
        if any(s.shows[n] in GREEN for s in steps) and any(s.shows[n] not in GREEN for s in steps)
    }


def _streets(stage: TimedStage, layout: Layout, moving: dict[int, int]) -> set[str]:
    """Edges from which a stage lets vehicles go straight on or over the oncoming lanes; any, if there are none."""
    shown = stage.greens[0].shows
    links = {link for link, n in moving.items() if shown[n] in GREEN}
    own = [m for m in layout.movements if m.index in links and m.kind != "pedestrian"]
    main = [m for m in own if m.direction == "s" or crosses_oncoming(m, left_hand=layout.left_hand)]
    return {m.from_edge for m in main or own}


def _from_main_street(timing: Timing, layout: Layout, moving: dict[int, int]) -> list[TimedStage]:
    """The stages from the barrier on behind which lies the longest green."""
    stages = list(timing.stages)
    count = len(stages)
    streets = [_streets(stage, layout, moving) for stage in stages]
    starts = [n for n in range(count) if not streets[n] & streets[n - 1]] or [0]

    def green(start: int) -> float:
        end = starts[(starts.index(start) + 1) % len(starts)]
        return sum(stages[(start + k) % count].green_s for k in range((end - start) % count or count))

    first = max(starts, key=lambda n: (green(n), -n))
    return stages[first:] + stages[:first]


def _barriers(stages: list[TimedStage], layout: Layout, moving: dict[int, int], timing: Timing) -> list[Tile]:
    streets = [_streets(stage, layout, moving) for stage in stages]
    cuts = [0, *(n for n in range(1, len(stages)) if not streets[n] & streets[n - 1]), len(stages)]
    if len(cuts) > MOST_PHASES + 1:
        raise _too_many(timing, len(cuts) - 1)
    return list(itertools.pairwise(cuts))


def _between(
    layout: Layout, stages: list[TimedStage], moving: dict[int, int], run: Tile, barrier: int, *, may_part: bool
) -> list[_Draft]:
    """The phases between two barriers."""
    own = stages[slice(*run)]
    patterns = {link: _pattern(own, n) for link, n in moving.items()}
    served = {link: pattern for link, pattern in patterns.items() if set(pattern) & set(GREEN)}
    rings = best_tilings(sorted(set(served.values())), len(own))
    if not rings[1] and may_part and (parted := part_sides(layout, served, rings[0])):
        shown = parted
    else:
        every = rings[0] + rings[1]
        shown = [
            (ring, tile, {k: letter_in(p, tile) for k, p in served.items() if tile in (tiles_of(p, every) or ())})
            for ring, tiles in enumerate(rings, 1)
            for tile in tiles
        ]
    places: dict[int, int] = {}
    drafts = []
    for ring, tile, shows in shown:
        places[ring] = places.get(ring, 0) + 1
        drafts.append(_Draft(barrier, ring, places[ring], (run[0] + tile[0], run[0] + tile[1]), shows))
    return drafts


def _pattern(stages: list[TimedStage], lamp: int) -> str:
    """A lamp group's letters as `best_tilings` reads them."""
    shown = ""
    for stage in stages:
        letter = stage.greens[0].shows[lamp]
        joined = all(step.shows[lamp] in GREEN for step in stage.change)
        shown += (letter if letter in GREEN else "-") + ("+" if joined else "|")
    return shown[:-1]


def _interrupted(stages: list[TimedStage], draft: _Draft, number: int, lamps: dict[int, int]) -> set[tuple[int, int]]:
    """(link, phase): green again straight behind the phase's split, and not green in between."""
    last, after = stages[draft.tile[1] - 1], stages[draft.tile[1] % len(stages)]
    return {
        (link, number)
        for link in draft.shows
        if after.greens[0].shows[lamps[link]] in GREEN
        and any(step.shows[lamps[link]] not in GREEN for step in last.change)
    }


def _numbers(drafts: list[_Draft], layout: Layout, timing: Timing) -> list[int]:
    """NEMA's numbers where they are enough, else 1, 2, 3, ... in the order of the places."""
    if len(drafts) > MOST_PHASES:
        raise _too_many(timing, len(drafts))
    if max(draft.barrier for draft in drafts) > 2 or max(draft.position for draft in drafts) > 2:
        return list(range(1, len(drafts) + 1))
    straight = {m.index for m in layout.movements if m.direction == "s" and m.kind != "pedestrian"}
    numbers = []
    for draft in drafts:
        mates = [one for one in drafts if (one.barrier, one.ring) == (draft.barrier, draft.ring)]
        busiest = max(mates, key=lambda one: (len(straight & set(one.shows)), one.tile[1] - one.tile[0], one.position))
        even = 2 * draft.barrier + 4 * (draft.ring - 1)
        numbers.append(even if draft is busiest else even - 1)
    return numbers


def _phase(timing: Timing, stages: list[TimedStage], draft: _Draft, number: int) -> RingPhase:
    own = stages[slice(*draft.tile)]
    between = sum(stage.change_s for stage in own[:-1])
    change = own[-1].change_s
    lamp = {link: n for n, link in _lamps(timing)}
    ends = [_yellow_s(own[-1], lamp[link]) for link in draft.shows]
    yellow = max(ends, default=0.0)
    walkers = [g for g in timing.groups if g.kind == "pedestrian" and set(g.links) & set(draft.shows)]
    green = sum(stage.green_s for stage in own) + between
    clearance = float(math.ceil(max((group.clearance_s for group in walkers), default=0.0)))
    return RingPhase(
        number=number,
        barrier=draft.barrier,
        ring=draft.ring,
        position=draft.position,
        protected=frozenset(link for link, letter in draft.shows.items() if letter == "G"),
        permitted=frozenset(link for link, letter in draft.shows.items() if letter == "g"),
        green_s=green,
        least_s=sum(stage.least_s for stage in own) + between,
        most_s=sum(stage.most_s for stage in own) + between,
        yellow_s=yellow,
        red_s=change - yellow,
        walk_s=max(green - clearance, *(group.min_green_s for group in walkers)) if walkers else 0.0,
        clearance_s=clearance,
    )


def _yellow_s(stage: TimedStage, lamp: int) -> float:
    """Seconds of yellow with which the change behind a stage begins for a lamp group."""
    seconds = 0.0
    for step in stage.change:
        if step.shows[lamp] not in YELLOW:
            break
        seconds += step.seconds
    return seconds


def _too_many(timing: Timing, count: int) -> BadInput:
    return BadInput(
        f"its {len(timing.stages)} stages need {count} phases",
        place=f"signal {timing.tls_id}, programme {timing.program_id}",
        expected=f"at most {MOST_PHASES} phases: a ring-and-barrier controller has no more",
        remedy="export it as sumo, or leave stages out",
    )
