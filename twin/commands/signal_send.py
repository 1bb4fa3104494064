"""`twin signals emulate`, `twin signals send` and `twin signals restore`."""

from __future__ import annotations

import os
import shlex
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from networks.protocols.crossing_record import CrossingRecord
    from networks.protocols.sending import Sent
    from networks.protocols.stations import Station

PROTOCOLS = ("gat1049", "gbt20999")
PASSWORD = "CITYTWIN_SIGNAL_PASSWORD"
_user = click.option(
    "--user", default="citytwin", show_default=True, help=f"Name at the login; its password is taken from {PASSWORD}."
)
_to = click.option("--to", "address", required=True, metavar="HOST:PORT", help="Where the controllers listen.")


@click.command("emulate")
@click.option(
    "--net", "ground", required=True, type=click.Path(path_type=Path), help="The SUMO network, or a City folder."
)
@click.option(
    "--plan", type=click.Path(path_type=Path, dir_okay=False), help="What runs; without, the network's plans."
)
@click.option("--protocol", type=click.Choice(PROTOCOLS), required=True, help="What it speaks.")
@click.option("--edition", type=click.Choice(("2024", "2013")), default="2024", show_default=True, help="Of gat1049.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="On 127.0.0.1; 0: any.")
@click.option("--keep", type=click.Path(path_type=Path, dir_okay=False), help="A file that keeps what runs.")
@_user
def emulate(
    ground: Path, plan: Path | None, protocol: str, edition: str, port: int, keep: Path | None, user: str
) -> None:
    """Answer as the controllers of a network would, on this machine alone, until Ctrl-C.

    Each signal runs its plan as plan 1. Reads are answered, plans are written and switched to unless a controller would
    refuse them: greens in conflict, intergreens, yellows or greens shorter than today's plan has, cycles that do not
    add up, the running plan changed. Every request is a line on standard output.
    """
    from networks import BadInput, City, read_layouts, read_signal_plans
    from networks.protocols.stations import emulator

    net = ground if ground.is_file() else City.open(ground).net_file
    layouts, plans = read_layouts(net), read_signal_plans(plan or net, source="imported")
    own = {tls: one for tls, one in plans.items() if tls in layouts}
    try:
        made = emulator(
            protocol,
            own,
            layouts,
            port=port,
            edition=int(edition),
            user=user,
            password=os.environ.get(PASSWORD, ""),
            kept=keep,
            wiring=read_signal_plans(net, source="imported"),
            log=lambda line: click.echo(f"{datetime.now():%H:%M:%S} {line}"),
        )
    except OSError as error:
        raise BadInput(f"port {port} cannot be opened: {error.strerror}", remedy="--port 0 takes a free one") from error
    for tls, why in made.left_out.items():
        click.echo(f"  {tls}: left out: {why}", err=True)
    click.echo(f"{protocol}: {len(made.crossings)} signals at 127.0.0.1:{made.server.port}; Ctrl-C ends it")
    with made.server:
        try:
            made.server.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended")


@click.command("send")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_to
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for what ran before.")
@click.option("--signal", "signals", multiple=True, help="These signals alone.")
@_user
def send(file: Path, address: str, out: Path | None, signals: tuple[str, ...], user: str) -> None:
    """Let controllers run the plans of FILE, which twin signals export wrote, and keep what ran.

    What runs is read and kept first. Each plan goes to a free number, is read back and compared; only when all are
    there do the crossings switch. The last line is the command that goes back. A file that was changed since its audit
    is refused.
    """
    from networks.protocols.sending import send_plans
    from networks.protocols.stations import read_station_file
    from networks.rules.exporting import require_audited

    require_audited(file)
    station = read_station_file(file)
    records = _chosen(station, signals, file)
    folder = out or file.with_name(f"{file.name}.sent")
    folder.mkdir(parents=True, exist_ok=True)
    before = _free(folder, station.suffix)
    host, port = _host_port(address)
    link = station.connect(host, port, user, os.environ.get(PASSWORD, ""))
    try:
        done = send_plans(
            link,
            {name: records[name].plan for name in records},
            lambda kept: station.write(kept, before),
            station.most_plans,
        )
    finally:
        link.close()
    _tell(done)
    click.echo(f"kept: {before}")
    click.echo(f"to go back: twin signals restore {shlex.quote(str(before))} --to {address}")


@click.command("restore")
@click.argument("before", type=click.Path(path_type=Path, dir_okay=False))
@_to
@click.option("--signal", "signals", multiple=True, help="These signals alone.")
@_user
def restore(before: Path, address: str, signals: tuple[str, ...], user: str) -> None:
    """Let the plans run again that ran when twin signals send kept BEFORE.

    A plan that is still there unchanged is switched to; another is written under a free number, read back and compared.
    """
    from networks.protocols.sending import restore_plans
    from networks.protocols.stations import read_station_file

    station = read_station_file(before)
    records = _chosen(station, signals, before)
    host, port = _host_port(address)
    link = station.connect(host, port, user, os.environ.get(PASSWORD, ""))
    try:
        done = restore_plans(link, records, station.most_plans)
    finally:
        link.close()
    _tell(done)


def _tell(done: list[Sent]) -> None:
    for one in done:
        said = "; ".join(one.changes) or "nothing changes"
        click.echo(f"  {one.cross_id}: plan {one.before} -> {one.after}: {said}")
    click.echo(f"{len(done)} signals run the plans, read back and compared")


def _chosen(station: Station, signals: tuple[str, ...], file: Path) -> dict[str, CrossingRecord]:
    from networks import NotThere

    strange = sorted(set(signals) - station.records.keys())
    if strange:
        raise NotThere(
            f"it holds no signal {strange[0]!r}",
            file=file,
            expected=f"one of {', '.join(sorted(station.records)[:5])}",
        )
    return {name: record for name, record in station.records.items() if not signals or name in signals}


def _free(folder: Path, suffix: str) -> Path:
    """A name that no file has yet: what ran before the first sending is never overwritten."""
    names = [folder / f"before{number}{suffix}" for number in ("", *range(2, 10_000))]
    return next(name for name in names if not name.exists())


def _host_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise click.BadParameter(f"{address!r} is no HOST:PORT", param_hint="--to")
    return host.strip("[]"), int(port)
