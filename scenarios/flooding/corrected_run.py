"""A storm whose ensemble is corrected by level gauges on the way, and how well it then foretells the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from models.flood import FloodResult, Rain, Water
from models.flood.assimilation import AlarmScore, FloodEnsemble, FloodMember, LevelGauge, score_alarms
from models.flood.inflow import InflowCells
from models.flood.surface.ground import prepare_ground
from models.flood.surface.numerics import Numerics
from models.flood.underpass import first_passing
from networks import City
from networks.sentence import Sentence, say
from scenarios.flooding.draws import Draw
from scenarios.flooding.levels import Gauges, closing_depths, gauge_cells
from scenarios.flooding.member_run import Prepared, Storm, prepared, summed_up
from scenarios.flooding.places import Places
from scenarios.flooding.storm_run import LIKELY, StormAnswer, gathered
from scenarios.flooding.watched import CLOSE_M


@dataclass(frozen=True)
class Corrected:
    """What one update did.

    Attributes:
        time_s: When.
        used: Places whose gauges counted.
        moved_m3: Water that it added to a member on average, less what it took.
        rain_factor: The mean of the members' rain factors after it.
    """

    time_s: float
    used: tuple[str, ...]
    moved_m3: float
    rain_factor: float


@dataclass(frozen=True)
class Skill:
    """Alarms at gauges that were held back, against what they then saw.

    Attributes:
        corrected: An alarm is given at the first update from which half of the members pass.
        without: As the ensemble without levels would have it, at the run's begin.
    """

    corrected: AlarmScore
    without: AlarmScore


@dataclass(frozen=True)
class CorrectedStorm:
    """A storm with levels.

    Attributes:
        answer: The ensemble, corrected as far as levels go and foretold from there on.
        updates: What each update did.
        skill: None where no gauge was held back.
        told: What was corrected, for the page.
    """

    answer: StormAnswer
    updates: tuple[Corrected, ...]
    skill: Skill | None
    told: Sentence


def run_with_levels(
    storm: Storm,
    places: Places,
    rains: Sequence[Rain],
    draws: Sequence[Draw],
    gauges: Gauges,
    without: StormAnswer | None,
    *,
    on_done: Callable[[float], None] | None = None,
) -> CorrectedStorm:
    """Run all members side by side, and correct them where gauges speak.

    Args:
        storm: What they share.
        places: What is watched; gauges stand at their lowest cells.
        rains: One for all, or one for each member in turn.
        draws: Their worlds, at least two.
        gauges: The levels.
        without: The same ensemble without levels, for the skill; needed where gauges are held back.
        on_done: Called with the share that is done.

    Raises:
        BadInput: A gauge at a place that is not watched or keeps a surveyed balance, or fewer than two members.

    Source: see `models.flood.assimilation`.
    """
    cells = gauge_cells(City.open(storm.city).terrain(), places, gauges)
    worlds = [prepared(storm, places, rains[draw.member % len(rains)], draw) for draw in draws]
    bases = [rains[draw.member % len(rains)] for draw in draws]
    members = [_member(storm, one, base, draw) for one, base, draw in zip(worlds, bases, draws, strict=True)]
    ensemble = FloodEnsemble(members, seed=storm.seed)
    used = [LevelGauge(place, cell, gauges.error_m) for place, cell in cells.items() if place not in gauges.held_back]
    times = np.unique(np.r_[np.arange(0.0, storm.duration_s, storm.every_s), storm.duration_s])
    moments, updates = gauges.moments(storm.duration_s), list[Corrected]()
    alarms: dict[str, float | None] = dict.fromkeys(gauges.held_back)
    with TemporaryDirectory(prefix="levels") as scratch:
        frames = _frames(Path(scratch), len(members), len(times), members[0].water.depth_m.shape)
        for at, time in enumerate(times.tolist()):
            ensemble.advance(time)
            for moment in [one for one in moments if (times[at - 1] if at else -1.0) < one <= time]:
                updates.append(_update(ensemble, used, gauges, moment))
                _alarm(ensemble, places, cells, alarms, storm)
            for number, one in enumerate(members):
                frames[0][number, at], frames[1][number, at] = one.water.depth_m, one.water.speed_mps()
            if on_done:
                on_done(time / storm.duration_s)
        floods = [
            FloodResult(times, frames[0][k], frames[1][k], one.water.cell_m, one.water.ledger(), one.water.steps, {})
            for k, one in enumerate(members)
        ]
        found = [summed_up(flood, world, places) for flood, world in zip(floods, worlds, strict=True)]
    skill = _skill(gauges, places, alarms, without) if without is not None and gauges.held_back else None
    return CorrectedStorm(gathered(found), tuple(updates), skill, _told(updates, used))


def _member(storm: Storm, world: Prepared, rain: Rain, draw: Draw) -> FloodMember:
    terrain, given = world.terrain, world.given
    ground = prepare_ground(
        terrain.elevation_m, terrain.cell_m, surface=given["surface"], manning=draw.manning,
        infiltration_mm_h=storm.infiltration_mm_h, drain_capacity_mm_h=storm.drain_capacity_mm_h * draw.drain_share,
        dtype=np.float32,
    )  # fmt: skip
    water = Water(ground, terrain.cell_m, Numerics(dtype=np.float32), given.get("initial_depth_m", 0.0))
    coming = InflowCells(given.get("inflows", ()), ground.bed_m.shape, terrain.cell_m, given["surface"])
    return FloodMember(water, rain, draw.rain_factor, (*given.get("forcings", ()), *world.tanks.forcings), coming)


def _frames(folder: Path, members: int, times: int, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Depths and speeds of all members and outputs, on disk."""
    size = (members, times, *shape)
    depth, speed = (np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float32, size) for name in "hv")
    return depth, speed


def _update(ensemble: FloodEnsemble, used: Sequence[LevelGauge], gauges: Gauges, time_s: float) -> Corrected:
    done = ensemble.assimilate(used, {one.name: gauges.said(one.name, time_s) for one in used})
    factor = float(np.mean([one.rain_factor for one in ensemble.members]))
    return Corrected(time_s, done.used, done.moved_m3, factor)


def _alarm(
    ensemble: FloodEnsemble, places: Places, cells: Mapping[str, int], alarms: dict[str, float | None], storm: Storm
) -> None:
    """Give an alarm at held-back places that half of the members foretell to pass, from now on."""
    now = ensemble.members[0].water.time_s
    open_places = [place for place, given in alarms.items() if given is None]
    if not open_places or now >= storm.duration_s:
        return
    _, depth = ensemble.forecast_m(storm.duration_s, storm.every_s, [cells[place] for place in open_places])
    limits = closing_depths(places)
    for at, place in enumerate(open_places):
        if (depth[:, :, at].max(axis=1) >= limits[place]).mean() >= LIKELY:
            alarms[place] = now


def _skill(gauges: Gauges, places: Places, alarms: Mapping[str, float | None], without: StormAnswer) -> Skill:
    limits = closing_depths(places)
    flooded = {place: first_passing(*gauges.courses[place], limits[place]) for place in gauges.held_back}
    chance = {one.sump.name: without.underpass_passing(k, one.close_m) for k, one in enumerate(places.underpasses)}
    chance |= {one.pond_id: without.pond_passing(k, CLOSE_M) for k, one in enumerate(places.ponds)}
    early = {place: 0.0 if chance[place].chance >= LIKELY else None for place in gauges.held_back}
    return Skill(score_alarms(flooded, alarms), score_alarms(flooded, early))


def _told(updates: Sequence[Corrected], used: Sequence[LevelGauge]) -> Sentence:
    moved = sum(one.moved_m3 for one in updates)
    factor = updates[-1].rain_factor if updates else 1.0
    last = f"{updates[-1].time_s / 60:.0f}" if updates else "0"
    return say(
        f"Corrected by {len(used)} level gauges, {len(updates)} times until T+{last} min: {moved:+.0f} m3 of water in "
        f"a member on average, rain times {factor:.2f}; the water is booked in the ledger.",
        f"由{len(used)}个水位计校正{len(updates)}次，至T+{last}分钟：每个成员平均水量变化{moved:+.0f}立方米，"
        f"降雨系数{factor:.2f}；水量已入账。",
    )
