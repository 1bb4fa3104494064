"""`twin signals pressure`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from twin.seeds import Seeds


@click.command("pressure")
@click.argument("sumocfg", type=click.Path(path_type=Path))
@click.option("--begin", type=float, help="First second of the simulation.")
@click.option("--end", type=float, help="Last second.  [default: the case's]")
@click.option("--area", metavar="ID,...", help="Signals that press; the others stay as they are.  [default: all]")
@click.option("--rules", default="rilsa", show_default=True, help="gb, ite, rilsa, uk, resco, or a TOML file.")
@click.option("--judge", type=Seeds(), default=10, show_default=True, help="Seeds.")
@click.option("--workers", type=click.IntRange(1), help="Simulations at a time.  [default: one per CPU]")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON on standard output.")
def pressure(
    sumocfg: Path,
    begin: float | None,
    end: float | None,
    area: str | None,
    rules: str,
    judge: int | tuple[int, ...],
    workers: int | None,
    as_json: bool,
) -> None:
    """Run the SUMO case of SUMOCFG with max-pressure at its signals: what control in real time would make of it.

    Every signal sees who comes towards each of its links within 120 m, and shows the groups with most pressure, within
    the least greens, intergreens and longest red of the rules. A reference to hold plans against, not a plan.
    """
    from dataclasses import asdict

    from models.sumo import read_case
    from models.sumo.spent import end_running
    from networks.errors import BadInput
    from scenarios.budget.threads import ThreadExecutor
    from scenarios.signals.pressure.planning import pressure_plans
    from scenarios.signals.pressure.running import run_pressed
    from scenarios.signals.trying.gain import gains_of
    from scenarios.signals.trying.trials import Trials

    case = read_case(sumocfg).between(begin, end)
    if case.end_s is None:
        raise BadInput("the case has no end, so it cannot be judged", file=sumocfg, remedy="set --end")
    plans = pressure_plans(case, rules, tuple(filter(None, area.split(","))) if area else ())
    seeds = tuple(range(1, judge + 1)) if isinstance(judge, int) else judge
    trials = Trials(case, ThreadExecutor(workers, end_running))
    try:
        today = trials.run([({}, seed) for seed in seeds])
        pressed = run_pressed(trials, plans, seeds)
    finally:
        trials.close()
    gains = gains_of(today, pressed)
    if as_json:
        told = [{**asdict(one), "verdict": str(one.verdict)} for one in gains]
        text = json.dumps({"signals": [plan.stages.tls_id for plan in plans], "gains": told}, indent=1)
        click.echo(text.replace("NaN", "null"))
        return
    click.echo(f"{len(plans)} signals press, {len(seeds)} seeds, rules {rules}; delay, s per vehicle:")
    for gain, name in zip(gains, ("all planned vehicles", "as RESCO's code counts"), strict=True):
        click.echo(
            f"  {name}: today {gain.before:.2f} (worst seed {gain.worst_before:.2f}), pressing {gain.after:.2f} "
            f"(worst {gain.worst_after:.2f}), {gain.share:+.1%}, 90 % interval {gain.low:+.1f} to {gain.high:+.1f}"
        )
