"""`twin desk mode|autonomy|authority|clock`: what holds for the whole desk."""

from __future__ import annotations

from pathlib import Path

import click

from twin.commands.desk_place import WHO, WHY, identify, open_desk


@click.command("mode")
@click.argument("mode", type=click.Choice(["normal", "emergency"]), required=False)
@WHO
@click.option("--why", help="The reason of a switch.")
@click.pass_obj
def mode_command(place: str, mode: str | None, who: str | None, why: str | None) -> None:
    """Show the mode, or switch it: normal or emergency."""
    desk = open_desk(place)
    now = desk.mode() if mode is None else desk.switch(mode, who=identify(desk, who), why=why or "")
    people = "one person approves" if now.approvals == 1 else f"{now.approvals} people approve"
    click.echo(
        f"{now.name}: a cycle every {now.cycle_s:g} s with {now.members} members, {now.horizon_s / 60:g} min ahead; "
        f"{people} what is dangerous"
    )


@click.group("autonomy")
def autonomy_command() -> None:
    """What the twin may do by itself, asset by asset: shadow, advise, supervised, bounded."""


@autonomy_command.command("show")
@click.argument("asset", required=False)
@click.pass_obj
def show_autonomy(place: str, asset: str | None) -> None:
    """Show the levels in force, or that of one asset (such as signal:A1)."""
    ruling = open_desk(place).ruling()
    if asset is not None:
        click.echo(f"{asset}: {ruling.level([asset])[0]} (by the file: {ruling.rules.level(asset)})")
        return
    for line in ruling.rules.autonomy.assets:
        click.echo(f"{', '.join(line.assets)}: {line.level}")
    click.echo(f"all others: {ruling.rules.autonomy.default}")
    for pattern, level in ruling.lowered.items():
        click.echo(f"at most {level}, set by hand: {pattern}")


@autonomy_command.command("set")
@click.argument("asset")
@click.argument("level", type=click.Choice(["shadow", "advise", "supervised", "bounded", "file"]))
@WHO
@WHY
@click.pass_obj
def set_autonomy(place: str, asset: str, level: str, who: str | None, why: str) -> None:
    """Lower an asset's level at once (a pattern such as "signal:*", too); "file" gives back the file's."""
    desk = open_desk(place)
    now = desk.set_autonomy(asset, level, who=identify(desk, who), why=why)
    higher = "" if level in (now, "file") else f": the file of authority gives no more than {now}"
    click.echo(f"{asset}: {now}{higher}")


@click.group("authority")
def authority_command() -> None:
    """The rules: what is dangerous, what bounds allow, what people may change."""


@authority_command.command("show")
@click.pass_obj
def show_authority(place: str) -> None:
    """Print the file in force."""
    click.echo(open_desk(place).authority_text(), nl=False)


@authority_command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_authority(file: Path) -> None:
    """Read a file of authority and say what is wrong with it, with lines."""
    from twin.desk import read_rules

    rules = read_rules(_text(file), str(file))
    click.echo(
        f"{file}: rules on what is dangerous: {len(rules.dangerous)}, bounds: {len(rules.bounds)}; it can be used"
    )


@authority_command.command("use")
@click.argument("file", type=click.Path(path_type=Path))
@WHO
@WHY
@click.pass_obj
def use_authority(place: str, file: Path, who: str | None, why: str) -> None:
    """Judge by this file from now on; the desk keeps its text, so that all programs at it judge alike."""
    text, desk = _text(file), open_desk(place)
    desk.use_authority(text, str(file), who=identify(desk, who), why=why)
    click.echo(f"{file} is in force")


@click.command("clock")
@click.option("--trust", is_flag=True, help="This machine's clock is right, although the audit has seen a later time.")
@WHO
@click.option("--why", help="The reason for trusting it.")
@click.pass_obj
def clock_command(place: str, trust: bool, who: str | None, why: str | None) -> None:
    """Show the time by which expiry is judged, and whether the machine's clock jumped back."""
    desk = open_desk(place)
    if trust:
        desk.trust_clock(who=identify(desk, who), why=why or "")
    behind = desk.clock_behind().total_seconds()
    click.echo(f"{desk.clock().isoformat(timespec='seconds')}")
    if behind > 0:
        click.echo(
            f"the machine's clock stands {behind:.0f} s behind what the audit has seen: nothing is approved "
            "and nothing leaves until it is set right, or trusted with --trust",
            err=True,
        )


def _text(file: Path) -> str:
    from networks.errors import BadInput, why_unread

    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"it cannot be read: {why_unread(error)}", file=file, expected="a file of authority; see docs/desk.md"
        ) from error
