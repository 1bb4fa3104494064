"""Verdicts of a table of rules on the terminal: what fails first, then every rule with its value and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from networks.rules.meanings import CHECKS, MEANINGS
from networks.rules.row import COMPARISONS
from viz.text_signals import described

if TYPE_CHECKING:
    from rich.console import RenderableType

    from networks import Layout, RuleTable, SignalGroup, Verdict

MOST_ROWS = 25
_ORDER = {rule: n for n, rule in enumerate(CHECKS)}


def rule_sheet(
    verdicts: Sequence[Verdict],
    table: RuleTable,
    streets: Mapping[str, str],
    *,
    whole: bool,
    legend: Iterable[RenderableType] = (),
) -> Iterator[RenderableType]:
    """The parts to print, one after the other.

    Args:
        verdicts: On all signals.
        table: What they were held against.
        streets: A few words for each signal.
        whole: Every failure, in words; otherwise a line for each signal and rule with the worst of them.
        legend: What stands between the failures and the rules.
    """
    yield _summary(verdicts, table)
    failing = sorted((v for v in verdicts if v.passed is False), key=lambda v: (_ORDER[v.rule], v.tls_id, _depth(v)))
    if failing:
        yield Text("\nFails", style="bold red")
        yield from _every(failing) if whole else _worst(failing, streets)
    yield from legend
    yield Text("\nRules: value, figures held against it, source", style="bold")
    yield from _rules(verdicts, table)


def _summary(verdicts: Sequence[Verdict], table: RuleTable) -> Text:
    failing = [v for v in verdicts if v.passed is False]
    passing, signals = sum(v.passed is True for v in verdicts), {v.tls_id for v in verdicts}
    text = Text.assemble((table.title["en"], "bold"), f" ({table.locale}): {_count(len(signals), 'signal')}, ")
    text.append(f"{passing} right", style="green")
    text.append(", ")
    bad = len({v.tls_id for v in failing})
    text.append(f"{len(failing)} wrong at {_count(bad, 'signal')}" if failing else "none wrong", "red" if bad else "")
    untold = len(verdicts) - passing - len(failing)
    text.append(f", {untold} that the plan alone cannot tell" if untold else "")
    return text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _depth(verdict: Verdict) -> float:
    """How bad a failure is: smaller is worse."""
    return -abs((verdict.found or 0.0) - verdict.required)


def _worst(failing: Sequence[Verdict], streets: Mapping[str, str]) -> Iterator[RenderableType]:
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for one in failing:
        grouped.setdefault((one.rule, one.tls_id), []).append(one)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, side in (("rule", "left"), ("signal", "left"), ("worst", "left"), ("shows", "right"), ("asked", "right")):
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    table.add_column("in all", justify="right", no_wrap=True)
    for rule in dict.fromkeys(rule for rule, _ in grouped):
        own = [(tls, list_) for (name, tls), list_ in grouped.items() if name == rule]
        most = max(3, MOST_ROWS // len({name for name, _ in grouped}))
        own.sort(key=lambda pair: (_depth(pair[1][0]), pair[0]))
        for n, (tls, found) in enumerate(own[:most]):
            first, street = found[0], streets.get(tls, "")
            signal = Text.assemble(tls, (f" {street}" if street else "", "dim"))
            table.add_row("" if n else rule, signal, first.subject, *_figures(first), str(len(found)))
        if len(own) > most:
            rest = sum(len(found) for _, found in own[most:])
            table.add_row("", Text(f"and {_count(len(own) - most, 'signal')} more", "dim"), "", "", "", str(rest))
    yield table
    yield Text("--signal ID tells every failure of one signal in words; --json tells all", style="dim")


def _figures(verdict: Verdict) -> tuple[str, str]:
    if verdict.unit in ("pairs", "links", "phases"):
        return "", ""
    unit = f" {verdict.unit}"
    return ("" if verdict.found is None else f"{verdict.found:g}{unit}", f"{verdict.required:.3g}{unit}")


def _every(failing: Sequence[Verdict]) -> Iterator[RenderableType]:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    several = len({one.tls_id for one in failing}) > 1
    rule = ""
    for one in failing:
        shows, asked = _figures(one)
        words = one.why["en"] or f"shows {shows}, asked {asked}"
        subject = f"{one.tls_id} {one.subject}" if several else one.subject
        table.add_row(Text("" if one.rule == rule else one.rule, "bold"), subject, Text(words, "red"))
        rule = one.rule
    yield table


def lamp_list(layout: Layout, lamps: Sequence[SignalGroup]) -> Iterator[RenderableType]:
    """Which links each lamp of a signal drives, and where they come from and go."""
    yield Text("\nLamps as the plan drives them", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for lamp in lamps:
        if lamp.links:
            origin, movements = described(layout, lamp)
            table.add_row(
                Text(lamp.name, "bold"), "links " + " ".join(map(str, lamp.links)), f"from {origin}", movements
            )
    yield table


def _rules(verdicts: Sequence[Verdict], table: RuleTable) -> Iterator[RenderableType]:
    held: dict[str, list[Verdict]] = {}
    for one in verdicts:
        held.setdefault(one.rule, []).append(one)
    failed = [rule for rule in table.rows if any(v.passed is False for v in held.get(rule, []))]
    for rule in [*failed, *(rule for rule in table.rows if rule not in failed)]:
        row, own = table.rows[rule], held.get(rule, [])
        if rule.startswith("transition") and not own:
            continue
        text = Text.assemble((f"{rule:<21}", "bold"), f"{COMPARISONS[row.compare]:<2} {row.told}  ")
        if rule in CHECKS:
            text.append_text(_held(own))
        yield text
        told = Text(MEANINGS[rule]["en"])
        clause = f" [{row.clause}]" if row.clause else ""
        told.append(f"\n{row.source}{clause}" + (f" ({row.read})" if row.read not in ("", "text") else ""), "dim")
        untold = next((v.why["en"] for v in own if v.passed is None), "")
        told.append(f"\n{untold}" if untold else "", "yellow")
        yield Padding(told, (0, 0, 0, 4))


def _held(own: Sequence[Verdict]) -> Text:
    wrong, told = sum(v.passed is False for v in own), sum(v.passed is not None for v in own)
    if not own:
        return Text("nothing of the kind here", "dim")
    if wrong:
        return Text(f"{wrong} of {told} wrong", "bold red")
    if not told:
        return Text(f"{len(own)} cannot be told from the plan", "yellow")
    return Text(f"all {told} right", "green")
