"""`twin signals spat`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("spat", short_help="What signals showed in a simulation, as SPaT messages.")
@click.argument("case", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("tls", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Messages, one a line.")
@click.option("--plans", type=click.Path(path_type=Path), help="SUMO additional file with other plans.")
@click.option("--seed", default=1, show_default=True, help="SUMO's seed.")
@click.option("--until", type=float, help="Last second of the simulation; else the case's.")
def spat(case: Path, tls: tuple[str, ...], out: Path, plans: Path | None, seed: int, until: float | None) -> None:
    """Run CASE, a .sumocfg, once and write what the signals TLS... (without, all) show, with the names of SAE J2735.

    A message for each change; its times are known from the run. Minutes of the year are those of the simulation.
    """
    import tempfile

    from models.sumo import read_case, record
    from networks import NotThere, build_controller, landing_file, read_layouts
    from networks.protocols.spat.messages import messages, movements_of, states_shown, write_lines

    told_case = read_case(case)
    layouts = read_layouts(told_case.net)
    if strange := sorted(set(tls) - layouts.keys()):
        raise NotThere(
            f"there is no signal {strange[0]!r}", file=told_case.net, expected=f"e.g. {', '.join(sorted(layouts)[:3])}"
        )
    chosen = set(tls) or set(layouts)
    with tempfile.TemporaryDirectory() as folder:
        ran = record(
            told_case, seed, Path(folder), signals=chosen, end_s=until, plans=plans.absolute() if plans else None
        )
    lines, counts = {}, {}
    for number, (name, rows) in enumerate(ran.states.groupby("tls_id", sort=True), 1):
        moments = list(zip(rows["time_s"].astype(float), rows["state"].astype(str), strict=True))
        shown = states_shown(moments, ran.end_s)
        if shown:
            movements = movements_of(str(name), shown, build_controller(layouts[str(name)]))
            lines[str(name)] = messages(str(name), number, shown, movements, repeats=False, fixed=True)
            counts[str(name)] = len(shown)
    with landing_file(out) as beside, beside.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(write_lines(lines))
    click.echo(f"{sum(counts.values())} messages of {len(counts)} signals, {ran.begin_s:g} to {ran.end_s:g} s: {out}")
