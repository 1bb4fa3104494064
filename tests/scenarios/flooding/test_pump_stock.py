"""One stock for everybody: what incidents and placements took is not there a second time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from square_town import square

from models.emergency import Unit
from models.emergency.incidents import Board, Task
from models.emergency.resources import Depot, Resources, Taken, stock_left
from models.routing import Router
from networks.errors import BadInput
from scenarios.emergency.committed import read_committed
from scenarios.emergency.ends import End
from scenarios.emergency.incident import Approach, Incident, out_of_stock
from scenarios.emergency.kept_incident import KeptIncident, keep_incident
from scenarios.flooding.placing.pumps import Depot as PumpDepot
from scenarios.flooding.placing.pumps import Ways, stocked_depots

STORE = Depot("s1", "Store", 0.0, 0.0, "e", 0.0, "trial", {"pump": 3, "boat": 1})
YARD = Depot("s2", "", 0.0, 0.0, "e", 0.0, "trial", {"pump": 1})
PUMP = Task("pump", ("pump_crew",), 1, "pump", 2, 600.0, "", "trial")


@given(st.lists(st.tuples(st.sampled_from(["Store", "s1", "s2"]), st.integers(0, 3)), max_size=6))
def test_stock_never_falls_below_nothing_and_shortfalls_are_told(parts: list[tuple[str, int]]) -> None:
    left = stock_left(Resources((), (), depots=(STORE, YARD)), [Taken(d, "pump", n, "incident") for d, n in parts])
    store, yard = (sum(n for d, n in parts if (d == "s2") == wanted) for wanted in (False, True))
    assert [one.materials["pump"] for one in left.depots] == [max(0, 3 - store), max(0, 1 - yard)]
    assert left.depots[0].materials["boat"] == 1
    assert bool(left.notes) == (store > 3 or yard > 1)


def incident(folder: Path) -> None:
    folder.mkdir()
    units = [Unit("P1", "pump_crew", "e"), Unit("P2", "pump_crew", "e")]
    ways = {("pump", one.unit_id): Approach(9.0, (), 0.0, "Store") for one in units}
    found = Incident("fire", End("x", 0, 0, (), 0), Board([PUMP], units, np.array([[9.0, 10.0]]), 0.0), ways, {})
    told = {"city": "town", "on_clock": None, "notes": []}
    keep_incident(folder, found, dict.fromkeys(ways, ""), told)


def test_what_incidents_and_placements_took(tmp_path: Path) -> None:
    incident(tmp_path / "i")
    (tmp_path / "p").mkdir()
    placed = {"placements": [{"from": {"mill": {"s2": 1}, "quay": {"": 2}}}, {"from": {"mill": {"Store": 9}}}]}
    (tmp_path / "p" / "placement.json").write_text(json.dumps(placed), encoding="utf-8")
    taken = read_committed([tmp_path / "i", tmp_path / "p"])
    assert [(one.depot, one.material, one.amount) for one in taken] == [("Store", "pump", 2), ("s2", "pump", 1)]
    left = stock_left(Resources((), (), depots=(STORE, YARD)), taken)
    assert [one.materials["pump"] for one in left.depots] == [1, 0]
    assert "no depot has 2 pump left" in out_of_stock(left, [PUMP])[0]["en"]
    assert out_of_stock(Resources((), (), depots=(STORE,)), [PUMP]) == []
    board = KeptIncident(tmp_path / "i")
    board.report("P1", "withdrawn", 5.0, who="desk")
    board.report("P2", "withdrawn", 6.0, who="desk")
    assert read_committed([tmp_path / "i"]) == []
    with pytest.raises(BadInput, match="nothing there takes material"):
        read_committed([tmp_path])
    (tmp_path / "p" / "placement.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="no readable placement"):
        read_committed([tmp_path / "p"])
    with pytest.raises(BadInput, match="which is no depot here"):
        stock_left(Resources((), (), depots=(YARD,)), taken)


def test_pumps_are_shared_out_for_the_least_time_and_no_depot_gives_more_than_it_has() -> None:
    router = Router(square().road_graph("passenger"))
    places = {"far": (210.0, 95.0), "near": (15.0, 0.0)}
    free = Ways(router, (PumpDepot("North", 3), PumpDepot("West", 0)))
    assert [one.depot for one in free.shared(places, {"far": 2})["far"]] == ["North", "North"]
    few = Ways(router, (PumpDepot("North", 3, 1), PumpDepot("West", 0, 2)))
    shared = few.shared(places, {"far": 2, "near": 1})
    assert sorted(one.depot for one in shared["far"]) == ["North", "West"] and shared["near"][0].depot == "West"
    with pytest.raises(BadInput, match="4 pumps of 3"):
        few.shared(places, {"far": 4})
    x, y = np.asarray(router.graph.from_xy)[3]
    stocked = stocked_depots(router, [Depot("n", "North", float(x), float(y), "e", 0.0, "trial", {"pump": 4}), YARD])
    assert [(one.name, one.pumps) for one in stocked] == [("North", 4), ("s2", 1)]
