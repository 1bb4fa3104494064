"""`twin signals corridor`: the time-space diagram of several signals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from networks import Corridor
    from viz.signals.sheets.corridor_sheet import Recorded

_CYCLES = 4


@click.command("corridor", short_help="Draw the time-space diagram of several signals.")
@click.argument("place", type=click.Path(path_type=Path))
@click.argument("tls", nargs=-1, required=True)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The page to write.")
@click.option("--plans", type=click.Path(path_type=Path), help="SUMO additional file with other plans.")
@click.option("--speed", type=click.FloatRange(min=1), help="Speed of the green bands, km/h; else each road's limit.")
@click.option("--from", "from_s", type=float, help="First second of the picture.")
@click.option("--for", "for_s", type=click.FloatRange(min=30), help="Seconds of the picture; else four cycles.")
@click.option("--seed", default=1, show_default=True, help="SUMO's seed, with a .sumocfg.")
def corridor(
    place: Path,
    tls: tuple[str, ...],
    html: Path,
    plans: Path | None,
    speed: float | None,
    from_s: float | None,
    for_s: float | None,
    seed: int,
) -> None:
    """Draw greens, green bands and vehicles over the signals TLS..., in the order of travel and back.

    PLACE is a City folder, a SUMO network, or a .sumocfg: then the case is run once, the greens are those that were
    shown, and every vehicle on the corridor is drawn.
    """
    from networks import BadInput, City, find_corridor, landing_file, read_signal_plans
    from viz.signals.pages.page import page
    from viz.signals.sheets.corridor_sheet import corridor_sheet
    from viz.text import both

    simulated = place.name.endswith(".sumocfg")
    net = _case_net(place) if simulated else place if place.is_file() else City.open(place).net_file
    forward = find_corridor(net, tls)
    try:
        back = find_corridor(net, tls[::-1])
    except BadInput:
        back = None
    known = read_signal_plans(net, source="imported") | (read_signal_plans(plans) if plans else {})
    longest = max(known[stop.tls_id].cycle_s for stop in forward.stops)
    recorded = None
    if simulated:
        recorded, from_s, to_s = _recorded(place, seed, forward, back, from_s, for_s or _CYCLES * longest, plans)
    else:
        from_s = from_s or 0.0
        to_s = from_s + (for_s or _CYCLES * longest)
    mps = None if speed is None else speed / 3.6
    part = corridor_sheet(forward, back, known, from_s, to_s, recorded=recorded, speed_mps=mps)
    lead = both("corridor.lead", count=len(forward.stops), length=f"{forward.length_m:.0f}")
    written = page(" – ".join((tls[0], tls[-1])), [part], kind=both("corridor.kind"), lead=lead)
    with landing_file(html) as beside:
        beside.write_text(written, encoding="utf-8")
    click.echo(f"{len(forward.stops)} stop lines over {forward.length_m:.0f} m: {html}")


def _case_net(file: Path) -> Path:
    from models.sumo import read_case

    return read_case(file).net


def _recorded(
    file: Path,
    seed: int,
    forward: Corridor,
    back: Corridor | None,
    from_s: float | None,
    for_s: float,
    plans: Path | None,
) -> tuple[Recorded, float, float]:
    """One run of the case, recorded from 20 minutes after its begin or where asked for."""
    import tempfile

    from models.sumo import read_case, record
    from viz.signals.sheets.corridor_sheet import Recorded
    from viz.text import both

    case = read_case(file)
    begin = min(case.begin_s + 1200.0, max(case.begin_s, (case.end_s or 1e9) - for_s)) if from_s is None else from_s
    ways = [forward, *([back] if back else [])]
    with tempfile.TemporaryDirectory() as folder:
        told = record(
            case,
            seed,
            Path(folder),
            signals={stop.tls_id for way in ways for stop in way.stops},
            edges={edge for way in ways for edge in way.edges},
            from_s=begin,
            end_s=begin + for_s,
            plans=plans.absolute() if plans else None,
        )
    words = both("corridor.simulated", begin=f"{begin:g}", end=f"{begin + for_s:g}", case=case.name, seed=seed)
    return Recorded(told.states, told.tracks, told.end_s, words), begin, begin + for_s
