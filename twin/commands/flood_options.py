"""The options of a storm, which `twin flood run`, `ponding` and `place` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

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


def refuse_other(out: Path) -> None:
    """An error where OUT holds something that is no flood run."""
    from networks.errors import BadInput

    if out.exists() and not (out / "flood_run.json").exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput("it is there and holds no flood run", file=out, place="--out", expected="a new or empty folder")
