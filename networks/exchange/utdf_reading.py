"""Synchro UTDF: a combined CSV file read against the signals that it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from networks.errors import BadInput
from networks.exchange.compass import columns_of
from networks.exchange.figures import equal
from networks.exchange.utdf_lanes import UNCONTROLLED, Served, phases_of, served_columns
from networks.exchange.utdf_phases import UtdfPhase, read_offset, read_phases, read_served
from networks.exchange.utdf_tables import Utdf, read_tables
from networks.exchange.utdf_writing import CONTROL_TYPES
from networks.signals.layouts.layout import Layout
from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timing import Control

_CONTROLS = {0: Control.FIXED, 1: Control.ACTUATED, 2: Control.ACTUATED, 3: Control.COORDINATED}


@dataclass(frozen=True)
class UtdfRead:
    """What a UTDF file tells about the signals of a network.

    Attributes:
        rings: By signal id.
        strangers: Intersections of the file that are no signal of the network: number and description.
    """

    rings: dict[str, RingPlan]
    strangers: tuple[str, ...]


def read_utdf(path: Path, today: Mapping[str, RingPlan], layouts: Mapping[str, Layout]) -> UtdfRead:
    """The ring plans of a UTDF file.

    An intersection belongs to the signal that its description names, or else its number. What the format does not hold
    is kept from the ring plan of today: the serving of links that share a compass movement, people on foot, red-amber,
    the longest green at fixed times, and where a light turns red between two phases that both serve it.

    Args:
        path: The file.
        today: The ring plan of each signal as it runs now, by id.
        layouts: The ground of each signal.

    Raises:
        BadInput: It is no such file, of another version, its phases are out of order or lack figures, or none of its
            intersections is a signal of the network.
    """
    tables = read_tables(path)
    nodes = sorted({node for section, node in tables.records if section == "phases"}, key=lambda n: (len(n), n))
    names = {node: _signal(tables, node, today) for node in nodes}
    rings = {tls: _ring_plan(tables, node, today[tls], layouts[tls]) for node, tls in names.items() if tls}
    if not rings:
        raise BadInput(
            f"none of its {len(nodes)} intersections is a signal of the network",
            file=path,
            place="[Nodes] DESCRIPTION",
            expected=f"ids of signals, e.g. {', '.join(sorted(today)[:3])}",
            remedy="write the signal's id into the description of its node",
        )
    strangers = tuple(f"{n} {tables.nodes.get(n, {}).get('DESCRIPTION', '')}".strip() for n in nodes if not names[n])
    return UtdfRead(rings, strangers)


def _signal(tables: Utdf, node: str, today: Mapping[str, RingPlan]) -> str:
    described = tables.nodes.get(node, {}).get("DESCRIPTION", "")
    return described if described in today else "" if described else node if node in today else ""


def _ring_plan(tables: Utdf, node: str, now: RingPlan, layout: Layout) -> RingPlan:
    told = read_phases(tables, node, now.tls_id)
    served = _served_links(tables, node, now, layout)
    control, offset = read_offset(tables, node, now.tls_id, told)
    kind = _CONTROLS[control]
    if CONTROL_TYPES[now.control] == control:
        kind = now.control
    phases = tuple(_phase(one, now, served, kind) for one in told)
    always = {link: "G" for link, one in served.items() if one.protected == (UNCONTROLLED,)}
    never = {link: now.red[link] for link, one in served.items() if not one.protected and not one.permitted}
    return replace(
        now,
        control=kind,
        offset_s=offset,
        phases=tuple(sorted(phases, key=lambda phase: phase.place)),
        constant={link: now.constant.get(link, letter) for link, letter in sorted({**always, **never}.items())},
        source=f"UTDF {tables.path.name}",
    )


def _served_links(tables: Utdf, node: str, now: RingPlan, layout: Layout) -> dict[int, Served]:
    """The phases of every link: those of its compass movement where the file says something new, else today's."""
    served = {link: phases_of(now, link) for link in range(len(now.red))}
    written, _ = served_columns(now, layout)
    told = read_served(tables, node)
    for column, links in columns_of(layout).items():
        if column in told and told[column] != written[column]:
            served.update(dict.fromkeys(links, told[column]))
    return served


def _phase(told: UtdfPhase, now: RingPlan, served: Mapping[int, Served], kind: Control) -> RingPhase:
    before = next((phase for phase in now.phases if phase.number == told.number), None)
    fixed = kind is Control.FIXED
    green = told.max_green_s if fixed or told.act_green_s is None else told.act_green_s
    most = told.max_green_s
    if fixed and before:
        most = before.most_s if equal(green, before.green_s) else max(before.most_s, green)
    barrier, ring, position = told.place
    return RingPhase(
        number=told.number,
        barrier=barrier,
        ring=ring,
        position=position,
        protected=frozenset(link for link, one in served.items() if told.number in one.protected),
        permitted=frozenset(link for link, one in served.items() if told.number in one.permitted),
        green_s=green,
        least_s=told.min_green_s,
        most_s=most,
        yellow_s=told.yellow_s,
        red_s=told.red_s,
        walk_s=told.walk_s,
        clearance_s=before.clearance_s if before and abs(told.walk_s - before.walk_s) < 1e-5 else told.dont_walk_s,
    )
