"""Several programmes of each signal and the times at which they follow each other, as one SUMO additional file."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from networks import DayPlan, SignalPlan, Switch, landing_file
from networks.signals.plans.plan import STATIC
from networks.signals.plans.plan_file import plan_element

WAUT = "citytwin"


def programme(number: int) -> str:
    """Name of the programme of a period, from 1."""
    return f"citytwin-{number}"


def day_plan_of(begins_s: Sequence[float]) -> DayPlan:
    """The day plan of periods that begin at these seconds after midnight, in order: the first holds from midnight on.

    Raises:
        BadInput: They are not within a day.
    """
    switches = [Switch(0.0 if n == 0 else begin, programme(n + 1)) for n, begin in enumerate(begins_s)]
    return DayPlan(WAUT, tuple(switches))


def with_switching_points(plans: Sequence[Mapping[str, SignalPlan]]) -> list[dict[str, SignalPlan]]:
    """The plans of each period under their programmes' names, with the second at which a signal may change over.

    It lies in the last second of the least green of a stage that all periods show, the one whose least green is longest
    (SUMO's `GSP`, good switching point); without such a stage a signal has none.

    Args:
        plans: By period, by signal.
    """
    named = [
        {tls: replace(plan, program_id=programme(n)) for tls, plan in period.items()}
        for n, period in enumerate(plans, 1)
    ]
    for tls in set.intersection(*(set(period) for period in plans)):
        shared = _shared(period[tls] for period in plans)
        if shared is None:
            continue
        for period in named:
            params = (*period[tls].params, ("GSP", f"{_point_s(period[tls], shared):g}"))
            period[tls] = replace(period[tls], params=tuple(sorted(params)))
    return named


def _shared(plans: Iterable[SignalPlan]) -> str | None:
    """The state that every plan shows as a stage, with the longest least green."""
    least: list[dict[str, float]] = []
    for plan in plans:
        greens = [p for p in plan.phases if not p.changing and any(letter in "Gg" for letter in p.state)]
        least.append({phase.state: phase.min_s for phase in reversed(greens)})
    states = set.intersection(*(set(one) for one in least))
    return max(sorted(states), key=lambda state: min(one[state] for one in least), default=None)


def _point_s(plan: SignalPlan, state: str) -> float:
    begin = 0.0
    for phase in plan.phases:
        if phase.state == state and not phase.changing:
            return begin + max(phase.min_s - 1.0, 1.0)
        begin += phase.duration_s
    raise ValueError(f"signal {plan.tls_id} has no stage {state}")


def write_programmes(periods: Sequence[Mapping[str, SignalPlan]], begins_s: Sequence[float], path: Path) -> None:
    """Write every programme, and a WAUT that switches them at the begin of each period.

    A signal changes over at its switching points: nobody's green is cut short and every yellow is one of a plan; the
    stage in which it changes lasts until the next programme's clock comes there, where that is of fixed times. One
    without a switching point changes at once.

    Args:
        periods: From `with_switching_points`.
        begins_s: Second of the simulation at which each begins.
        path: The file.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    root = ET.Element("additional")
    for period in periods:
        root.extend(plan_element(period[tls]) for tls in sorted(period))
    clock = ET.SubElement(root, "WAUT", refTime="0", id=WAUT, startProg=programme(1))
    for number, begin in enumerate(begins_s[1:], 2):
        ET.SubElement(clock, "wautSwitch", time=f"{begin:g}", to=programme(number))
    for tls in sorted(periods[0]):
        own = [period[tls] for period in periods]
        good = all("GSP" in dict(plan.params) for plan in own)
        fixed = all(plan.kind == STATIC for plan in own)
        said = {"wautID": WAUT, "junctionID": tls, **({"procedure": "GSP"} if good else {})}
        synchron = "true" if good and fixed else "false"
        ET.SubElement(root, "wautJunction", {**said, "synchron": synchron})
    ET.indent(root, "    ")
    with landing_file(path) as beside:
        ET.ElementTree(root).write(beside, encoding="utf-8", xml_declaration=True)
