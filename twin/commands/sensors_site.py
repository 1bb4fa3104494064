"""`twin sensors site`."""

from __future__ import annotations

from pathlib import Path

import click

from twin.commands.counts_option import street_options, streets_of

_PATH = click.Path(path_type=Path)


@click.command("site")
@street_options
@click.option("--count", type=click.IntRange(1), default=5, show_default=True, help="Sensors to place.")
@click.option(
    "--sensors", type=_PATH, help="Those that stand: CSV (sensor_id and edge, lon,lat ...) or SUMO's detectors."
)
@click.option("--out", type=_PATH, help="Folder for sites.html (map, English and Chinese) and sites.csv.")
def site(city: Path | None, sumocfg: Path | None, count: int, sensors: Path | None, out: Path | None) -> None:
    """Say where more sensors would help most to know the flow of every street.

    Believed before counting: routes of the network, with trips of a path, and of all that begin or end at one place,
    uncertain. Each sensor is put where it takes most off the variance of all flows, weighted by length; told beside it:
    what no choice of as many sensors could undercut.

    \b
    twin sensors site --city cities/my-town --count 10 --out out/sites
    """  # noqa: D301
    from calibration.counting import read_places
    from calibration.counting.matching import match
    from calibration.health import network_flows, site_sensors

    streets = streets_of(city, sumocfg)
    places = read_places(sensors) if sensors else streets.places
    standing = {edge for edge, _ in match(list(places), places, streets.net)[0].values()} if places else set()
    flows = network_flows(streets.net_file)
    lengths = [streets.net.edges[edge].length_m for edge in flows.edges]
    found = site_sensors(flows, lengths, count, existing=standing)
    click.echo(f"{len(flows.edges)} streets, {len(standing)} with a sensor; beliefs from the network alone, a guess")
    click.echo(f"{'':>3} {'edge':<24}{'its flow +-':>12}{'takes off':>11}{'left':>8}  street")
    for number, one in enumerate(found.sites, start=1):
        cells = f"{one.edge:<24.23}{one.own_cv:>11.0%} {one.taken:>10.1%} {one.left:>7.1%}"
        click.echo(f"{number:>3} {cells}  {streets.net.edges[one.edge].name}".rstrip())
    click.echo(
        f"of the uncertainty {found.sites[-1].left:.1%} is left; no {count} sensors could leave less than "
        f"{found.bound:.1%}"
    )
    if out is not None:
        from networks import landing_file
        from viz.calibration.siting_page import siting_page

        title = city.name if city else (sumocfg or Path()).stem
        rows = [
            f"{n},{one.edge},{one.own_cv:.4f},{one.taken:.6f},{one.left:.6f}" for n, one in enumerate(found.sites, 1)
        ]
        table = "\n".join(["rank,edge,own_cv,taken,left", *rows]) + "\n"
        page = siting_page(title, streets.net_file, found, standing)
        for name, text in (("sites.csv", table), ("sites.html", page)):
            with landing_file(out / name) as beside:
                beside.write_text(text, encoding="utf-8", newline="")
        click.echo(f"wrote {out / 'sites.html'}")
