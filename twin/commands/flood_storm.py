"""What `twin flood run`, `ponding` and `place` share: a storm that is run as its options ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from networks import City, Pond, Terrain
    from networks.ground.underpass_file import PumpText
    from networks.sentence import Sentence
    from scenarios.flooding.corrected_run import CorrectedStorm
    from scenarios.flooding.duty import Help, Watch
    from scenarios.flooding.levels import Gauges
    from scenarios.flooding.places import Places
    from scenarios.flooding.rains import FallingRain
    from scenarios.flooding.storm_run import StormAnswer

    Brought = tuple[tuple[str, tuple[PumpText, ...]], ...]


@dataclass(frozen=True)
class Stormed:
    """A storm that was run; `again` runs it once more, with pumps brought to places."""

    city: City
    terrain: Terrain
    rain: FallingRain
    places: Places
    answer: StormAnswer
    watches: list[Watch]
    trusted: bool
    about: dict[str, Any]
    notes: list[Sentence]
    warning: Sentence | None
    by: Help
    again: Callable[[Brought], StormAnswer]
    corrected: CorrectedStorm | None = None


def run_asked(folder: Path, given: dict[str, Any], ponds: list[Pond] | None = None) -> Stormed:
    """Run the storm that the options ask for.

    Raises:
        BadInput: Options that do not go together, or files that cannot be used.
    """
    from networks import City, find_ponds, read_reports, read_underpass_file, read_underpasses
    from scenarios.ensembles.executor import RayExecutor, SerialExecutor
    from scenarios.flooding.corrected_run import run_with_levels
    from scenarios.flooding.draws import draw_members
    from scenarios.flooding.duty import duty_list
    from scenarios.flooding.levels import gauge_cells
    from scenarios.flooding.member_run import Storm
    from scenarios.flooding.places import watched_places
    from scenarios.flooding.storm_run import run_storm

    city = City.open(folder)
    terrain, rain = city.terrain(), _rain(city, given)
    known = read_underpass_file(given["underpasses"], read_underpasses(city)) if given["underpasses"] else ()
    if ponds is None:
        reports = read_reports(given["reports"], city.crs) if given["reports"] else ()
        ponds = find_ponds(terrain, reports, most=given["ponds"])
    places = watched_places(city, terrain, ponds, known)
    duration = max(float(one.times_s[-1]) for one in rain.rains) + given["after_min"] * 60
    members = len(rain.rains) if rain.ensemble else given["members"]
    draws = draw_members(members, given["seed"], vary_rain=not rain.ensemble, terrain_error=given["terrain_error"])
    losses = (given["drains_mm_h"], given["infiltration_mm_h"])
    storm = Storm(city.folder, duration, 60.0, *losses, given["structures"], given["seed"])

    def again(brought: Brought) -> StormAnswer:
        executor = SerialExecutor() if given["serial"] or members == 1 else RayExecutor()
        told = "with pumps " if brought else ""
        try:
            pumped = replace(storm, brought=brought)
            return run_storm(
                pumped, places, rain.rains, draws, executor, on_done=lambda i, _: _tell(f"{told}member {i}", members)
            )
        finally:
            executor.close()

    gauges = _gauges(given)
    if gauges is not None:
        gauge_cells(terrain, places, gauges)  # what cannot be used is told before anything is run
    answer = again(()) if gauges is None or gauges.held_back else None
    corrected = None
    if gauges is not None:
        told = lambda share: click.echo(f"{100 * share:.0f} % with levels", err=True)  # noqa: E731
        corrected = run_with_levels(storm, places, rain.rains, draws, gauges, answer, on_done=told)
        answer = corrected.answer
    assert answer is not None
    trusted = not terrain.screening or given["assume_depths"]
    by = help_of(city, given["traffic"])
    watches = duty_list(answer, places, trusted=trusted, begin=rain.begin, by=by)
    about = {
        "city": city.name,
        "digest": city.digest,
        "rain": rain.source,
        "rain_mm": round(rain.depth_mm(duration), 2),
    }
    about |= {"begin": rain.begin.isoformat() if rain.begin else None, "duration_s": duration, "members": members}
    about |= {"seed": given["seed"], "drains_mm_h": losses[0], "infiltration_mm_h": losses[1]}
    notes, warning = _words(terrain, rain, given, trusted)
    if by.flows is not None:
        notes.append(_with_source("flood.rests_traffic", by.flows.source))
    if corrected is not None:
        notes.append(corrected.told)
        about["levels"] = [vars(one) for one in corrected.updates]
    return Stormed(city, terrain, rain, places, answer, watches, trusted, about, notes, warning, by, again, corrected)


def _gauges(given: dict[str, Any]) -> Gauges | None:
    """The level gauges that the options name, or None."""
    from networks.errors import BadInput
    from scenarios.flooding.levels import Gauges
    from scenarios.flooding.review import read_observed

    if not given.get("levels"):
        if given.get("hold_back"):
            raise BadInput("gauges to hold back, and no levels", place="--hold-back", remedy="give --levels too")
        return None
    courses, error = read_observed(given["levels"]), given["level_error_m"]
    return Gauges(courses, tuple(given["hold_back"]), error, given["update_min"] * 60)


def help_of(city: City, traffic: Path | None) -> Help:
    """Ways round and the traffic of a city, for the duty officer's list.

    Raises:
        BadInput: The traffic cannot be used.
    """
    from scenarios.flooding.detour import Detours
    from scenarios.flooding.duty import Help
    from scenarios.flooding.flows import assigned_flows, read_flows
    from scenarios.flooding.streets import Streets

    return Help(Detours(city, Streets(city)), read_flows(city, traffic) if traffic else assigned_flows(city))


def shown_rows(stormed: Stormed) -> list[dict[str, Any]]:
    """The list of places for the page."""
    from scenarios.flooding.duty import clock

    at, rows = clock(stormed.rain.begin), []
    for number, one in enumerate(stormed.watches, start=1):
        row: dict[str, Any] = {"number": number, "name": one.name, "kind": one.kind, "x": one.x, "y": one.y}
        row |= dict.fromkeys(("chance", "depth", "when", "by", "caught"), "–") | {
            "sentence": one.sentence,
            "place": one.place,
        }
        if one.trusted:
            low, middle, high = one.deepest_m
            row |= {"chance": f"{100 * one.close.chance:.0f} %", "depth": f"{middle:.2f} ({low:.2f}–{high:.2f})"}
            if one.caught is not None:
                row["caught"] = f"{one.caught.mean():.0f}"
            if one.close.middle_s is not None:
                row["when"] = at(one.close.middle_s)
            if one.close_by_s is not None:
                row["by"] = at(one.close_by_s)
        rows.append(row)
    return rows


def _rain(city: City, given: dict[str, Any]) -> FallingRain:
    from networks.errors import BadInput
    from scenarios.flooding.rains import design_rain, rain_for

    if (given["place"] is None) == (given["chicago_mm"] is None):
        raise BadInput("a storm needs exactly one of --rain and --chicago-mm", place="--rain")
    if given["place"] is not None:
        return rain_for(city, given["place"], given["law"])
    if not given["source"]:
        raise BadInput("a design storm needs its source", place="--source", remedy='e.g. --source "our town, 10 years"')
    return design_rain(given["chicago_mm"], given["minutes"], given["source"])


def _tell(member: str, members: int) -> None:
    click.echo(f"{member} of {members} is done", err=True)


def _with_source(key: str, source: Sentence) -> Sentence:
    """Words with a source that has both languages."""
    from viz.text import words

    return {tag: words(key, source=source[tag])[tag] for tag in source}


def _words(
    terrain: Terrain, rain: FallingRain, given: dict[str, Any], trusted: bool
) -> tuple[list[Sentence], Sentence | None]:
    from viz.text import words

    source = terrain.source
    notes = [
        words("flood.rests_rain", source=rain.source),
        _with_source("flood.rests_terrain", source),
        words("flood.rests_draws", drains=f"{given['drains_mm_h']:g}"),
        words("flood.rests_underpasses"),
    ]
    if not terrain.screening:
        return notes, None
    return notes, words("flood.assumed" if trusted else "flood.screening")
