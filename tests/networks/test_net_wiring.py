"""Lamps hang together: plans of other stages are told in the groups that the controller has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from small_plans import bare_crossing, crossing, eight_phase_plan, whole_plans

from networks import Refused, SignalPlan
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.exporting import export_gat1049, export_gbt20999
from networks.protocols.importing import import_gat1049, import_gbt20999
from networks.protocols.sending import restore_plans, send_plans
from networks.protocols.staged.comparing import changes
from networks.protocols.staged.laying import staged_of
from networks.protocols.staged.plan import StagedGroup, StagedPlan
from networks.protocols.staged.showing import plan_of_staged
from networks.protocols.staged.wiring import staged_in, wired_as
from networks.protocols.stations import PROTOCOLS, emulator, read_station_file
from networks.signals.controllers.assembling import assemble_plan
from networks.timing.likeness import likeness
from networks.timing.looping import shown_loop

EXPORTS = {"gat1049": export_gat1049, "gbt20999": export_gbt20999}
IMPORTS = {"gat1049": import_gat1049, "gbt20999": import_gbt20999}


def today() -> SignalPlan:
    """Left turns have lamps of their own."""
    return eight_phase_plan()


def found() -> SignalPlan:
    """Legal stages: straight on and left turns of an arm show the same."""
    _, controller = bare_crossing()
    return assemble_plan(controller, [22.0] * len(controller.stages), offset_s=5.0)


def parted(plan: StagedPlan) -> tuple[StagedGroup, ...]:
    """A lamp group for each link."""
    own = [(group, link) for group in plan.groups for link in group.links]
    return tuple(replace(group, number=n, name=f"L{link}", links=(link,)) for n, (group, link) in enumerate(own, 1))


@settings(max_examples=15)
@given(plan=whole_plans())
def test_other_lamps_show_the_same(plan: SignalPlan) -> None:
    _, controller = crossing()
    staged = staged_of(plan, controller)
    fine = wired_as(staged, parted(staged))
    assert fine is not None
    assert likeness(shown_loop(plan), plan_of_staged(fine, plan, controller)).same
    assert changes(staged, fine) == []
    back = wired_as(fine, staged.groups)
    assert back == staged


def test_lamps_that_hang_together_cannot_show_different_things() -> None:
    _, controller = bare_crossing()
    now, then = staged_of(today(), controller), staged_of(found(), controller)
    assert wired_as(then, now.groups) is not None
    assert wired_as(now, then.groups) is None
    assert wired_as(now, then.groups[1:]) is None, "not the same links"
    assert staged_in(today(), controller, {"c": found()}) == now, "in its own groups"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_plan_of_other_stages_is_sent_and_taken_back(protocol: str, tmp_path: Path) -> None:
    layouts, file = {"c": bare_crossing()[0]}, tmp_path / "plan"
    report = EXPORTS[protocol]({"c": found()}, layouts, file, wiring={"c": today()})
    assert "the same in every second" in report.written["c"][0]
    made = emulator(protocol, {"c": today()}, layouts, user="citytwin")
    Thread(target=made.server.serve_forever, daemon=True).start()
    station, kept = read_station_file(file), dict[str, CrossingRecord]()
    link = station.connect("127.0.0.1", made.server.port, "citytwin", "")
    try:
        plans = {"c": station.records["c"].plan}
        (sent,) = send_plans(link, plans, kept.update, station.most_plans)
        assert (sent.before, sent.after) == (1, 2)
        assert any("stages" in words for words in sent.changes)
        assert changes(link.read("c").plan, plans["c"]) == []
        (gone,) = restore_plans(link, kept, station.most_plans)
        assert (gone.before, gone.after) == (2, 1)
    finally:
        link.close()
        made.server.shutdown()
        made.server.server_close()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_plan_in_the_networks_lamps_comes_back(protocol: str, tmp_path: Path) -> None:
    layouts, file = {"c": bare_crossing()[0]}, tmp_path / "plan"
    EXPORTS[protocol]({"c": found()}, layouts, file, wiring={"c": today()})
    for now in (today(), found()):
        plan = IMPORTS[protocol](file, {"c": now}, layouts).plans["c"]
        assert likeness(shown_loop(found()), shown_loop(plan)).same
    assert IMPORTS[protocol](file, {"c": found()}, layouts).changed == {}


def test_a_controller_whose_lamps_hang_together_is_not_written_to() -> None:
    _, controller = bare_crossing()
    record = CrossingRecord("c", {1: staged_of(found(), controller)}, 1)

    class Stuck:
        def read(self, _: str) -> CrossingRecord:
            return record

        def write(self, *_: object) -> None:
            raise AssertionError("nothing may be written")

        run = write

        def close(self) -> None:
            pass

    with pytest.raises(Refused, match="hang together"):
        send_plans(Stuck(), {"c": staged_of(today(), controller)}, lambda _: None, 99)
