"""What `twin build` takes about terrain and drains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--dem", help="Terrain as GeoTIFF (m), or 'copernicus': GLO-30, downloaded; otherwise spot heights."),
    click.option(
        "--dem-error", "dem_error_m", type=float, metavar="M", help="Its vertical error (RMSE, m), if stated."
    ),
    click.option(
        "--dem-model", type=click.Choice(["terrain", "surface"]), help="Bare ground, or with roofs and decks."
    ),
    click.option(
        "--drain-return-period",
        "drain_return_period_y",
        type=float,
        metavar="YEARS",
        help="The storm that the drains were designed for.",
    ),
    click.option("--storm", type=click.Path(path_type=Path), help="The city's storm intensities, YAML or CSV."),
    click.option("--swmm", type=click.Path(path_type=Path), help="The city's pipes as a SWMM input file."),
    click.option("--swmm-crs", metavar="EPSG:N", help="Its coordinate system, where it is not the city's."),
)


def ground_options(command: Command) -> Command:
    """Add the options about the ground to a command, which takes them as keywords of `GroundOptions`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_ground_options(said: dict[str, Any], out: Path) -> Any:
    """The options as `networks` takes them; downloads are kept beside the city's folder."""
    from networks.ground.options import GroundOptions

    return GroundOptions(downloads=out.parent / "downloads", **said)
