"""GMNS: signal tables read against the signals that they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from networks.errors import BadInput
from networks.exchange.figures import equal
from networks.exchange.gmns_tables import Row, read_gmns_tables
from networks.exchange.gmns_writing import movement_ids
from networks.signals.layouts.layout import Layout
from networks.timing.ring_plan import RingPhase, RingPlan
from networks.timing.timing import Control

Tables = Mapping[str, list[Row]]


def read_gmns(folder: Path, today: Mapping[str, RingPlan], layouts: Mapping[str, Layout]) -> dict[str, RingPlan]:
    """The ring plans of GMNS signal tables, by controller; of several plans of one controller the first.

    A plan without greatest greens runs at fixed times; one with them is actuated, and coordinated where the tables
    coordinate it. What GMNS does not hold is kept from the ring plan of today: how a clearance parts into yellow and
    red, limits at fixed times, today's green of an actuated phase, red-amber, links that are always green.

    Raises:
        BadInput: A table is missing or incomplete, an id leads nowhere, or rings do not meet at their barriers.
    """
    tables = read_gmns_tables(folder)
    found: dict[str, RingPlan] = {}
    for plan in tables["signal_timing_plan"]:
        tls = plan.get("controller_id", "")
        if tls not in today:
            raise _wrong(folder, "signal_timing_plan", tls, "the network has no such signal", "controllers of it")
        if tls not in found:
            found[tls] = _ring_plan(tables, plan, folder, today[tls], layouts[tls])
    if not found:
        raise BadInput("it holds no plan", file=folder / "signal_timing_plan.csv", expected="a row for each plan")
    return found


def _ring_plan(tables: Tables, plan: Row, folder: Path, now: RingPlan, layout: Layout) -> RingPlan:
    rows = [row for row in tables["signal_timing_phase"] if row.get("timing_plan_id") == plan["timing_plan_id"]]
    if not rows:
        raise _wrong(folder, "signal_timing_phase", now.tls_id, "its plan has no phases", "a row for each phase")
    fixed = not any(row.get("max_green") for row in rows)
    shared = [row for row in tables["signal_coordination"] if row.get("timing_plan_id") == plan["timing_plan_id"]]
    control = Control.FIXED if fixed else Control.COORDINATED if shared else Control.ACTUATED
    if now.control is Control.MAX_PRESSURE and not fixed:
        control = now.control
    try:
        phases = tuple(_phase(row, tables, now, layout, folder, fixed=fixed) for row in rows)
        offset = float(shared[0].get("offset") or 0) if shared else now.offset_s
        read = replace(
            now,
            control=control,
            offset_s=offset,
            phases=tuple(sorted(phases, key=lambda phase: phase.place)),
            constant=_constant(phases, now),
            source=f"GMNS {folder.name}",
        )
        local = _reference_s(shared[0], read) if shared else 0.0
        return replace(read, offset_s=(offset - local) % read.cycle_s)
    except (KeyError, ValueError) as error:
        said = f"something is missing or no number: {error}"
        raise _wrong(folder, "signal_timing_phase", now.tls_id, said, "numbers of seconds, ring, barrier") from error


def _constant(phases: tuple[RingPhase, ...], now: RingPlan) -> dict[int, str]:
    served = {link for phase in phases for link in phase.protected | phase.permitted}
    return {k: now.constant.get(k, now.red[k]) for k in range(len(now.red)) if k not in served}


def _reference_s(row: Row, read: RingPlan) -> float:
    """Second after the first barrier's begin to which the offset refers."""
    if not row.get("coord_phase"):
        return 0.0
    phase = next((one for one in read.phases if one.number == int(row["coord_phase"])), None)
    if phase is None:
        raise KeyError(f"phase {row['coord_phase']}")
    later = {"begin_of_yellow": phase.green_s, "begin_of_red": phase.green_s + phase.yellow_s}
    return read.begins_s()[phase.number] + later.get(row.get("coord_ref_to", ""), 0.0)


def _phase(row: Row, tables: Tables, now: RingPlan, layout: Layout, folder: Path, *, fixed: bool) -> RingPhase:
    number = int(row["signal_phase_num"])
    before = next((phase for phase in now.phases if phase.number == number), None)
    links = _links(row["timing_phase_id"], tables, now, before, layout, folder)
    least, clearance = float(row["min_green"]), float(row.get("clearance") or 0)
    most = least if fixed else float(row["max_green"])
    same = before is not None and equal(before.least_s, least) and equal(before.most_s, most)
    green = before.green_s if before and same and not fixed else most
    yellow = min(before.yellow_s if before else 3.0, clearance)
    kept = before if before and fixed and equal(before.green_s, green) else None
    return RingPhase(
        number=number,
        barrier=int(row["barrier"]),
        ring=int(row["ring"]),
        position=int(row["position"]),
        protected=frozenset(link for link, letter in links.items() if letter == "G"),
        permitted=frozenset(link for link, letter in links.items() if letter == "g"),
        green_s=green,
        least_s=kept.least_s if kept else least,
        most_s=kept.most_s if kept else most,
        yellow_s=yellow,
        red_s=clearance - yellow,
        walk_s=float(row.get("walk_time") or 0),
        clearance_s=float(row.get("ped_clearance") or 0),
    )


def _links(
    key: str, tables: Tables, now: RingPlan, before: RingPhase | None, layout: Layout, folder: Path
) -> dict[int, str]:
    """Link -> G or g, for the movements and crossings of a phase; links without any are served as today."""
    ids, found = movement_ids(layout), dict[int, str]()
    told = set(ids.values())
    if before:
        found |= {link: "G" for link in before.protected - told} | {link: "g" for link in before.permitted - told}
    for row in tables["signal_phase_mvmt"]:
        if row.get("timing_phase_id") != key:
            continue
        name = row.get("mvmt_id") or row.get("link_id") or ""
        if name not in ids:
            said = f"phase {key} serves {name or 'nothing'}, which the signal does not have"
            raise _wrong(folder, "signal_phase_mvmt", now.tls_id, said, "movements of movement.csv, or crossings")
        found[ids[name]] = "g" if row.get("protection") == "permitted" else "G"
    return found


def _wrong(folder: Path, table: str, tls: str, what: str, expected: str) -> BadInput:
    return BadInput(what, file=folder / f"{table}.csv", place=f"signal {tls}", expected=expected)
