"""`twin emergency greenwave`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scenarios.greenwave.choosing import Answer
    from scenarios.greenwave.order import Told

_FILE = "greenwave"


@click.command("greenwave")
@click.argument("sumocfg", type=click.Path(path_type=Path))
@click.option("--from", "from_edge", required=True, help="Road edge where the vehicle stands.")
@click.option("--to", "to_edge", required=True, help="Road edge where it is wanted.")
@click.option("--at", "at_s", type=float, help="Second of the call.  [default: 20 minutes after the case's begin]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the answer.")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="Simulations, each a past.")
@click.option("--scale", type=click.FloatRange(min=0.01), default=1.0, show_default=True, help="Of the demand.")
@click.option("--fewer", type=click.IntRange(1), multiple=True, help="Drive with so many signals.  [default: the half]")
@click.option("--search", type=click.IntRange(0), default=3, show_default=True, help="Drives to choose signals.")
@click.option("--rules", default="rilsa", show_default=True, help="gb, ite, rilsa, uk, or a TOML file.")
def greenwave(
    sumocfg: Path,
    from_edge: str,
    to_edge: str,
    at_s: float | None,
    out: Path,
    seeds: int,
    scale: float,
    fewer: tuple[int, ...],
    search: int,
    rules: str,
) -> None:
    """Let the signals on the way of a blue light hand over, in the SUMO case of SUMOCFG, and say what it costs others.

    Each seed is simulated up to the call and forked there: with signals that hand over, with blue light alone
    (SUMO's device.bluelight), and with fewer signals. The first seed, which is drawn, also looks for the signals that
    should hand over; the others judge them. Where no wave is better than none, the answer says so.

    \b
    twin emergency greenwave town.sumocfg --from west --to hospital --at 1200 --out out/wave
    """  # noqa: D301
    import json
    from dataclasses import asdict, replace

    from models.sumo import check_case, read_case
    from networks.landing import landing_file
    from scenarios.greenwave.choosing import answer_of, best_of, drive_of
    from scenarios.greenwave.judging import faults_of
    from scenarios.greenwave.order import Call
    from scenarios.greenwave.running import case_rhythms, run_calls
    from twin.commands.emergency_greenwave_page import page_of

    case = read_case(sumocfg)
    check_case(case)
    rhythms, aside = case_rhythms(case, rules)
    call = Call("1", case.begin_s + 1200.0 if at_s is None else at_s, from_edge, to_edge)
    found: list[Told] = []
    for seed in range(1, seeds + 1):
        first = not any(one.wave and one.blue for one in found)
        found += run_calls(
            case, rhythms, [call], seed, scale=scale, record=first, fewer=fewer or (0,), search=search if first else 0
        )
        click.echo(_line(seed, found[-1]))
        if first and (chosen := best_of(found[-1])):
            call = replace(call, also=(chosen,))
    out.mkdir(parents=True, exist_ok=True)
    whole = [one for one in found if one.wave is not None and one.blue is not None]
    answer = answer_of(found)
    drives = [(one, drive_of(one, answer.chosen)) for one in whole]
    chosen_too = [replace(one, wave=drive) for one, drive in drives if drive is not one.wave]
    broken = [line for one in (*whole, *chosen_too) for line in faults_of(case, rhythms, one, rules)]
    lines = [*_sum(whole), *broken, f"rules {rules}: {len(broken)} broken that today's plans keep"]
    for line in [*lines, *([_answer(answer, whole[0])] if whole else [])]:
        click.echo(line)
    with landing_file(out / f"{_FILE}.json") as beside:
        said = {"edges": found[0].edges, "broken": broken, "answer": asdict(answer), "seeds": _seeds(found)}
        text = json.dumps(said, indent=1)
        beside.write_text(text.replace("NaN", "null") + "\n", encoding="utf-8")
    if whole and whole[0].wave is not None and whole[0].wave.states:
        with landing_file(out / f"{_FILE}.html") as beside:
            beside.write_text(page_of(case, whole, answer, aside, broken, rules), encoding="utf-8")
        click.echo(f"{out / _FILE}.html")


def _seeds(found: list[Told]) -> list[dict[str, object]]:
    from dataclasses import asdict

    from scenarios.greenwave.judging import price_of

    return [
        {"seed": seed, "problem": one.problem, "blue_s": one.blue.travel_s if one.blue else None}
        | {"least_s": one.least_s}
        | ({"wave": asdict(price_of(one.wave, one.blue, one.lanes_m, one.least_s))} if one.wave and one.blue else {})
        | {
            "fewer": [
                {"kept": kept} | asdict(price_of(drive, one.blue, one.lanes_m, one.least_s))
                for kept, drive in one.fewer
                if one.blue is not None
            ]
        }
        for seed, one in enumerate(found, 1)
    ]


def _line(seed: int, told: Told) -> str:
    from scenarios.greenwave.judging import price_of

    if told.wave is None or told.blue is None:
        return f"seed {seed}: {told.problem}"
    price = price_of(told.wave, told.blue, told.lanes_m, told.least_s)
    line = (
        f"seed {seed}: blue light alone {_came(told.blue.travel_s)}, {len(told.wave.shown)} signals hand over "
        f"{_came(price.travel_s, price.share)}, empty streets and all green {told.least_s:.0f} s; "
        f"others {price.mean_s:+.1f} s each ({price.others} trips, worst tenth {price.worst_s:+.0f} s), "
        f"lanes filled longer {len(price.filled)}, shorter {len(price.freed)}"
    )
    line += "; TOO DEAR: do not use this wave" if price.too_dear else ""
    for kept, drive in told.fewer:
        if drive is told.wave:
            continue
        less = price_of(drive, told.blue, told.lanes_m, told.least_s)
        line += f"; {len(kept)} of them {_came(less.travel_s, less.share)}, others {less.mean_s:+.1f} s"
    return line


def _answer(answer: Answer, told: Told) -> str:
    assert told.wave is not None
    every = len(told.wave.shown)
    if not answer.chosen:
        count = 1 + len(told.fewer)
        return f"answer: NO WAVE, blue light alone is best: each wave that was driven is too dear ({count})"
    where = f"{len(answer.judged)} other pasts" if answer.fresh else "the past they were chosen on"
    on = f"{_gained(answer)} on {where}"
    if not answer.kept:
        return f"answer: NO WAVE, blue light alone is best: the best wave ({len(answer.chosen)} signals) gives {on}"
    return f"answer: {len(answer.kept)} of {every} signals hand over ({', '.join(answer.kept)}): {on}"


def _gained(answer: Answer) -> str:
    share, mean_s = answer.gained
    saved = f"{0.0 - share:+.0%} travel time" if math.isfinite(share) else "no time to compare"
    return f"{saved}, others {mean_s:+.1f} s each"


def _came(travel_s: float, share: float = math.nan) -> str:
    if not math.isfinite(travel_s):
        return "never came"
    return f"{travel_s:.0f} s" + (f" ({0.0 - share:+.0%})" if math.isfinite(share) else "")


def _sum(whole: list[Told]) -> list[str]:
    from scenarios.ensembles.interval import mean_interval
    from scenarios.greenwave.judging import both_came, price_of

    prices = [price_of(one.wave, one.blue, one.lanes_m, one.least_s) for one in whole if one.wave and one.blue]
    came = both_came(prices)
    never = [f"{len(prices) - len(came)} seeds: a drive never came"] if len(came) < len(prices) else []
    if len(came) < 2:
        return never
    share, low, high = mean_interval([one.share for one in came])
    mean, least, most = mean_interval([one.mean_s for one in came])
    return [
        *never,
        f"{len(came)} seeds: {share:.0%} less travel time (90 % interval {low:.0%} to {high:.0%}); others "
        f"{mean:+.1f} s each ({least:+.1f} to {most:+.1f})",
    ]
