"""What `twin flood run` and `twin flood ponding` share: the storm's options, and how it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from networks import City, Pond, Terrain
    from networks.sentence import Sentence
    from scenarios.flooding.duty import Help, Watch
    from scenarios.flooding.places import Places
    from scenarios.flooding.rains import FallingRain
    from scenarios.flooding.storm_run import StormAnswer

_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--rain", "place"),
        {
            "type": click.Path(path_type=Path, exists=True),
            "help": "A storm or a scenario (YAML), a nowcast's folder, radar frames, or a CSV of gauges.",
        },
    ),
    (("--law",), {"default": "finland", "show_default": True, "help": "Of radar frames: a name, or A,B of Z = A R^B."}),
    (
        ("--chicago-mm",),
        {"type": click.FloatRange(0, min_open=True), "help": "Instead: a design storm, so much rain."},
    ),
    (("--minutes",), {"type": click.FloatRange(1), "default": 60.0, "show_default": True, "help": "Its length."}),
    (("--source",), {"help": "Where the design storm comes from; needed with it."}),
    (
        ("--after-min",),
        {"type": click.FloatRange(0), "default": 30.0, "show_default": True, "help": "Go on so long."},
    ),
    (("--members",), {"type": click.IntRange(1, 500), "default": 8, "show_default": True, "help": "How many worlds."}),
    (("--seed",), {"type": int, "default": 1, "show_default": True, "help": "Of their draws."}),
    (
        ("--drains-mm-h",),
        {"type": click.FloatRange(0), "default": 12.0, "show_default": True, "help": "Drains take."},
    ),
    (
        ("--infiltration-mm-h",),
        {"type": click.FloatRange(0), "default": 0.0, "show_default": True, "help": "Soil takes."},
    ),
    (("--terrain-error",), {"is_flag": True, "help": "Each member meets a terrain of its own."}),
    (
        ("--structures",),
        {"type": click.Path(path_type=Path, exists=True), "help": "YAML: pumps, gates, walls."},
    ),
    (("--underpasses",), {"type": click.Path(path_type=Path, exists=True), "help": "YAML: what is known of them."}),
    (("--reports",), {"type": click.Path(path_type=Path, exists=True), "help": "CSV: lon,lat,name of ponding."}),
    (("--ponds",), {"type": click.IntRange(0, 500), "default": 20, "show_default": True, "help": "Of the terrain."}),
    (("--assume-depths",), {"is_flag": True, "help": "Say depths on a terrain for screening too: your assumption."}),
    (
        ("--traffic",),
        {"type": click.Path(path_type=Path, exists=True), "help": "Folder of twin assign.  [default: guessed trips]"},
    ),
    (("--serial",), {"is_flag": True, "help": "One member after another, without Ray."}),
    (("--out",), {"type": click.Path(path_type=Path), "required": True, "help": "Folder to write."}),
)


def storm_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a storm."""
    for names, settings in reversed(_OPTIONS):
        command = click.option(*names, **settings)(command)
    return command


@dataclass(frozen=True)
class Stormed:
    """A storm that was run."""

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


def run_asked(folder: Path, given: dict[str, Any], ponds: list[Pond] | None = None) -> Stormed:
    """Run the storm that the options ask for.

    Raises:
        BadInput: Options that do not go together, or files that cannot be used.
    """
    from networks import City, find_ponds, read_reports, read_underpass_file, read_underpasses
    from scenarios.ensembles.executor import RayExecutor, SerialExecutor
    from scenarios.flooding.draws import draw_members
    from scenarios.flooding.duty import duty_list
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
    executor = SerialExecutor() if given["serial"] or members == 1 else RayExecutor()
    try:
        answer = run_storm(storm, places, rain.rains, draws, executor, on_done=lambda i, _: _tell(i, members))
    finally:
        executor.close()
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
    return Stormed(city, terrain, rain, places, answer, watches, trusted, about, notes, warning)


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
            if one.close.middle_s is not None and one.close_by_s is not None:
                row |= {"when": at(one.close.middle_s), "by": at(one.close_by_s)}
        rows.append(row)
    return rows


def refuse_other(out: Path) -> None:
    """An error where OUT holds something that is no flood run."""
    from networks.errors import BadInput

    if out.exists() and not (out / "flood_run.json").exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput("it is there and holds no flood run", file=out, place="--out", expected="a new or empty folder")


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


def _tell(index: int, members: int) -> None:
    click.echo(f"member {index} of {members} is done", err=True)


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
