"""An answer within a budget on the terminal: the ranking, the chosen plans against today's, what was not done."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from networks import SignalPlan
    from scenarios.budget.answer import Answer, Effect, Ranked, Regret


def budget_sheet(
    answer: Answer, today: Mapping[str, SignalPlan], plans: Mapping[str, SignalPlan], title: str
) -> Iterator[RenderableType]:
    """The answer, part by part.

    Args:
        answer: What the race found.
        today: Plans of the case by signal, phases that show the same joined.
        plans: The chosen plans by signal.
        title: The case.
    """
    runs = answer.runs
    yield Text(
        f"{title}: {answer.screened} candidates screened ({answer.stopped} stopped early, {runs['meso']} meso runs), "
        f"{answer.confirmed} run in micro ({runs['micro']} runs); {answer.spent_s:.0f} s of {answer.budget_s:g} s, "
        f"{answer.cpu_s:.0f} CPU s of simulation"
    )
    yield _ranking(answer)
    yield Text(_verdict(answer), style="bold")
    for text in _beside(answer):
        yield Text(text)
    changed = [tls for tls in sorted(plans) if tls in today and _told(plans[tls]) != _told(today[tls])]
    if changed:
        yield _plans(today, plans, changed)


def _ranking(answer: Answer) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("rank", justify="right")
    table.add_column("candidate", min_width=16, overflow="fold")
    for name in ("meso\ns/veh", "micro\ns/veh", "change\ns/veh", "90 %\ninterval", "P(best)", "micro\nruns"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in answer.ranking:
        style = "bold" if one.rank == 1 else "" if one.runs else "dim"
        table.add_row(*_row(one), style=style)
    table.caption = (
        "time that a vehicle spends, waiting to enter and driving; change: against today on fresh seeds, in micro"
    )
    table.caption_justify = "left"
    return table


def _row(one: Ranked) -> tuple[str, ...]:
    effect = one.effect
    return (
        str(one.rank),
        one.name if not one.invalid else f"{one.name} (invalid: {one.invalid})",
        _number(one.meso, "stopped"),
        _number(one.micro, ""),
        f"{effect.difference:+.1f}" if effect else "",
        _interval(effect) if effect else "",
        "" if math.isnan(one.probability) else f"{one.probability:.0%}",
        str(one.runs) if one.runs else "",
    )


def _verdict(answer: Answer) -> str:
    effect = answer.effect
    if effect is None:
        return f"{answer.chosen}: no time was left to estimate its effect on fresh seeds"
    share = effect.difference / effect.as_it_is
    told = f"{answer.chosen}: {effect.difference:+.1f} s per vehicle ({share:+.1%})"
    seeds = f"{effect.seeds} fresh seed{'s' if effect.seeds > 1 else ''}"
    return f"{told}, 90 % interval {_interval(effect)}, {seeds}: {effect.verdict}"


def _beside(answer: Answer) -> Iterator[str]:
    if answer.delay is not None:
        delay = answer.delay
        after = delay.as_it_is + delay.difference
        yield f"delay {delay.as_it_is:.1f} s -> {after:.1f} s per vehicle, {_interval(delay)}"
    if answer.regret is not None:
        yield _regret(answer.regret)
    sure = [one for one in answer.ranking if not math.isnan(one.probability)]
    likely = max(sure, key=lambda one: one.probability, default=None)
    if likely is not None and likely.rank > 1:
        yield f"by now {likely.name} is more probably the best: more time tells"
    for sentence in answer.missing:
        yield f"not done: {sentence['en']}"


def _regret(regret: Regret) -> str:
    told = f"against {regret.drawn} random candidates run in micro"
    if regret.share <= 0:
        return f"regret of the screening: none, {told} the chosen one is the best"
    better = f"{regret.best} costs {regret.best_cost:.1f} s, the chosen one {regret.chosen_cost:.1f} s"
    return f"regret of the screening: {regret.share:.1%}, {told}: {better}"


def _plans(today: Mapping[str, SignalPlan], plans: Mapping[str, SignalPlan], changed: list[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), title="plans", title_justify="left")
    for name in ("signal", "cycle s", "offset s", "greens s"):
        table.add_column(name, overflow="fold")
    for tls in changed:
        was, new = today[tls], plans[tls]
        table.add_row(tls, _changed(was.cycle_s, new.cycle_s), _changed(was.offset_s, new.offset_s), _greens(was, new))
    return table


def _greens(was: SignalPlan, new: SignalPlan) -> str:
    if [phase.state for phase in was.phases] != [phase.state for phase in new.phases]:
        return "other phases"
    pairs = zip(was.phases, new.phases, strict=True)
    return ", ".join(
        f"{before.duration_s:g}->{after.duration_s:g}"
        for before, after in pairs
        if before.duration_s != after.duration_s
    )


def _changed(before: float, after: float) -> str:
    return f"{before:g}" if before == after else f"{before:g}->{after:g}"


def _told(plan: SignalPlan) -> tuple[object, ...]:
    return plan.offset_s, tuple((phase.duration_s, phase.state) for phase in plan.phases)


def _interval(effect: Effect) -> str:
    return "none: one seed" if math.isnan(effect.low) else f"{effect.low:+.1f} to {effect.high:+.1f}"


def _number(value: float, absent: str) -> str:
    return absent if math.isnan(value) else f"{value:.1f}"
