"""`twin build`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.ground import ground_options, read_ground_options
from twin.commands.quality import strict_option, tell_quality, thresholds_option

if TYPE_CHECKING:
    from networks import City

_STATES = {
    "applies": "applied",
    "said": "said by the map itself now",
    "changed": "applied to something that changed meanwhile",
    "gone": "not applied, for their object is gone",
}


@click.command("build", short_help="Build a City folder from an OpenStreetMap file, a place's name or a SUMO net.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--place", help="Download this place through osmnx instead, e.g. 'Porvoo, Finland'.")
@click.option(
    "--osm",
    type=click.Path(path_type=Path),
    help="With a SUMO net as FILE: the OpenStreetMap file that buildings, water, paths and places come from.",
)
@ground_options
@click.option(
    "--corrections", type=click.Path(path_type=Path), help="Hand corrections of the map; the city keeps them."
)
@strict_option
@thresholds_option
@click.option("--name", help="Name of the city; otherwise from the file's or the place's name.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="City folder to make.  [default: cities/NAME]")
def build_command(
    file: Path | None,
    place: str | None,
    osm: Path | None,
    corrections: Path | None,
    strict: bool,
    thresholds: Path | None,
    name: str | None,
    out: Path | None,
    **ground: Any,
) -> None:
    """Build a City folder from FILE or from --place.

    FILE is an OpenStreetMap extract (.osm, .osm.gz, .osm.bz2, .osm.pbf), or a SUMO road network of your own (.net.xml,
    .net.xml.gz), which is kept byte for byte with its signal plans; give --osm with it for all that is no road.

    \b
    twin build my-town.osm.pbf
    twin build my-town.osm.pbf --dem heights.tif --corrections mine.yaml
    twin build --place "Porvoo, Finland"
    twin build roads.net.xml --osm my-town.osm.pbf
    """  # noqa: D301
    from networks import build_city, download_place, read_quality, read_thresholds, require_passed, with_thresholds

    if (file is None) == (place is None):
        raise click.UsageError("Give either FILE or --place NAME.")
    asked = read_thresholds(thresholds) if thresholds is not None else None  # refused now, not after the build
    name = name or _name_of(file.name if file is not None else str(place))
    out = out or Path("cities") / (re.sub(r"[^\w. -]+", "-", name).strip("-. ") or "city")
    if file is None:
        click.echo(f"downloading {place} ...", err=True)
        file = download_place(str(place), out.parent / "downloads" / f"{name}.osm")
    options = read_ground_options(ground, out)
    city = build_city(
        file,
        out,
        name=name,
        osm=osm,
        ground_options=options,
        corrections=corrections,
        progress=lambda step: click.echo(f"  {step}", err=True),
    )
    click.echo(f"{city.name}: {out}  (digest {city.digest[:12]})")
    report = read_quality(out) if asked is None else with_thresholds(read_quality(out), asked)
    tell_quality(city, report)
    _tell_corrections(city, out)
    for sentence in city.manifest.get("told", {}).get("roads", []):
        click.echo(f"note: {sentence['en']}")
    click.echo(city.attribution)
    if strict:
        require_passed(report, out)
    click.echo(f"next: twin doctor {out} says what is missing; twin signals show {out} lists its signals", err=True)


def _tell_corrections(city: City, out: Path) -> None:
    """How many hand corrections the city keeps, and how many of them to look at again."""
    states: dict[str, int] = city.manifest["notes"].get("corrections", {})
    if not states:
        return
    told = ", ".join(f"{count} {_STATES[state]}" for state, count in states.items())
    click.echo(f"corrections: {told}; kept in {out / 'corrections.yaml'}")
    if states.get("changed") or states.get("gone"):
        click.echo(f"which ones: twin corrections check {out / 'corrections.yaml'} --city {out}")


def _name_of(text: str) -> str:
    """A folder's name from a file's or a place's: `Helsinki.osm.pbf` -> `helsinki`."""
    stem = re.sub(
        r"\.(osm|pbf|gz|bz2|xml|net)$", "", re.sub(r"(\.osm|\.net\.xml)?(\.(gz|bz2|pbf))?$", "", text.split(",")[0])
    )
    return re.sub(r"[^\w.-]+", "-", stem.lower()).strip("-") or "city"
