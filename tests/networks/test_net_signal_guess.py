"""Guessed plans on real and drawn networks: never two conflicting greens, every intergreen kept, every link served."""

from __future__ import annotations

import gzip
import itertools
import math
import os
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_crossings import crossing_net, dual_carriageway, four_arms

from networks import (
    BadInput,
    City,
    SignalPlan,
    check_plan,
    embed_plans,
    guess_plans,
    read_controllers,
    read_signal_plans,
    sumo_home,
)

REAL = {
    "bologna": "sumo/bologna/joined_buslanes.net.xml",
    "hamburg": "sumo/hamburg/network.net.xml.gz",
    "hangzhou_4x4": "sumo/hangzhou_4x4/hangzhou_4x4_gudang_18041610_1h.net.xml",
    "westlake": "sumo/hangzhou_westlake/pb_hangzhou_hangzhou.net.xml.gz",
    "cologne8": "resco/cologne8/cologne8.net.xml",
    "ingolstadt21": "resco/ingolstadt21/ingolstadt21.net.xml",
}


def real_net(name: str) -> Path:
    folder = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[3] / "shared" / "data"))
    net = folder / REAL[name]
    if not net.is_file():
        pytest.skip(f"{REAL[name]} is not on this machine (CITYTWIN_DATA)")
    return net


class Raw:
    """A network as its file says, read without the code under test."""

    def __init__(self, net: Path) -> None:
        with gzip.open(net) if net.suffix == ".gz" else net.open("rb") as stream:
            root = ET.parse(stream).getroot()
        self.foes = {
            (j.attrib["id"], int(r.attrib["index"])): (r.attrib["foes"][::-1], r.attrib["response"][::-1])
            for j in root.iter("junction")
            for r in j.iter("request")
        }
        inside = {
            lane: (j.attrib["id"], n)
            for j in root.iter("junction")
            if j.get("type") != "internal"
            for n, lane in enumerate(j.get("intLanes", "").split())
        }
        onward = {
            f"{c.attrib['from']}_{c.attrib['fromLane']}": c.get("via", "")
            for c in root.iter("connection")
            if c.attrib["from"].startswith(":")
        }
        shapes = {lane.attrib["id"]: lane.attrib["shape"].split() for lane in root.iter("lane")}
        self.links: dict[str, list[tuple[int, str, str, tuple[str, int] | None, float]]] = {}
        for c in root.iter("connection"):
            if c.get("tl") is None or c.attrib["from"].startswith(":"):
                continue
            via = c.get("via", "")
            while via and via not in inside:
                via = onward.get(via, "")
            row = inside.get(via) if any(lane in shapes for lane in inside) else None
            heading = self._heading(shapes[f"{c.attrib['from']}_{c.attrib['fromLane']}"])
            link = (int(c.attrib["linkIndex"]), c.attrib["from"], c.get("dir", ""), row, heading)
            self.links.setdefault(c.attrib["tl"], []).append(link)

    @staticmethod
    def _heading(shape: list[str]) -> float:
        (x0, y0), (x1, y1) = ([float(v) for v in p.split(",")[:2]] for p in (shape[max(-len(shape), -3)], shape[-1]))
        return math.atan2(y1 - y0, x1 - x0)

    def foe_pairs(self, tls: str) -> Iterator[tuple[tuple[int, str, float], tuple[int, str, float], bool, bool]]:
        """Pairs of links of different approaches that meet: (index, dir, heading), and who gives way to whom."""
        for one, other in itertools.combinations(self.links[tls], 2):
            if one[1] == other[1] or one[0] == other[0] or one[3] is None or other[3] is None:
                continue
            if one[3][0] != other[3][0]:
                continue
            foes, response = self.foes[one[3]]
            back = self.foes[other[3]][1]
            if foes[other[3][1]] == "1":
                first, second = (one[0], one[2], one[4]), (other[0], other[2], other[4])
                yield first, second, response[other[3][1]] == "1", back[one[3][1]] == "1"


def judge(net: Path, plans: dict[str, SignalPlan]) -> tuple[int, list[str]]:
    """Number of pairs looked at, and what is wrong, by the file's own right-of-way tables."""
    raw, wrong, looked = Raw(net), [], 0
    assert set(plans) == set(raw.links)
    for tls, plan in plans.items():
        for (a, turn_a, into_a), (b, turn_b, into_b), waits, is_waited in raw.foe_pairs(tls):
            looked += 1
            both = [p.state[a] + p.state[b] for p in plan.phases if p.state[a] in "Gg" and p.state[b] in "Gg"]
            if not both:
                continue
            if any((waits and s[0] == "G") or (is_waited and s[1] == "G") for s in both) or not (waits or is_waited):
                wrong.append(f"{tls}: links {a} and {b} are green and nobody gives way")
            apart = abs(math.remainder(into_a - into_b, math.tau))
            single = len({row[0] for *_, row, _ in raw.links[tls] if row}) == 1
            if single and turn_a == turn_b == "s" and math.radians(60) < apart < math.radians(110):
                wrong.append(f"{tls}: links {a} and {b} cross straight on")
        wrong += [
            f"{tls}: link {k} is never green"
            for k in {one[0] for one in raw.links[tls]}
            if not any(p.state[k] in "Gg" for p in plan.phases)
        ]
        wrong += list(_yellows(plan))
    return looked, wrong


def _yellows(plan: SignalPlan) -> Iterator[str]:
    for link in range(len(plan.phases[0].state)):
        shown = [(p.state[link], p.duration_s) for p in plan.phases] * 2
        for (before, _), (after, _) in itertools.pairwise(shown):
            if before in "Gg" and after in "rs":
                yield f"{plan.tls_id}: link {link} goes from green to red"
        text = "".join(letter for letter, seconds in shown for _ in range(round(seconds)))
        for run in text.strip("y").replace("G", "g").replace("r", "g").replace("s", "g").split("g"):
            if 0 < len(run) < 3:
                yield f"{plan.tls_id}: link {link} has {len(run)} s of yellow"


@pytest.mark.parametrize("name", REAL)
def test_no_signal_of_a_real_network_is_unsafe(name: str) -> None:
    net = real_net(name)
    plans, controllers = guess_plans(net), read_controllers(net)
    assert set(plans) == set(controllers)
    assert {tls: said for tls in plans if (said := check_plan(plans[tls], controllers[tls]))} == {}
    looked, wrong = judge(net, plans)
    assert wrong == []
    assert looked > 100 or name == "hangzhou_4x4"  # its file has no internal lanes to look pairs up by


def test_no_signal_of_the_demo_city_is_unsafe(helsinki: City) -> None:
    plans, controllers = read_signal_plans(helsinki.net_file), read_controllers(helsinki.net_file)
    assert {tls: said for tls in plans if (said := check_plan(plans[tls], controllers[tls]))} == {}
    assert judge(helsinki.net_file, plans)[1] == []
    assert {plan.source for plan in plans.values()} == {"guessed"}
    assert sum(plan.kind == "actuated" for plan in plans.values()) > 0.9 * len(plans)
    assert all(20 <= plan.cycle_s <= 125 for plan in plans.values())
    assert guess_plans(helsinki.net_file) == plans
    doubts = helsinki.layer("doubts")
    assert set(plans) <= set(doubts.net[doubts.kind == "guessed_plan"])


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_no_signal_of_a_drawn_junction_is_unsafe(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    arms = data.draw(
        st.lists(st.integers(0, 11), min_size=2, max_size=6, unique=True), label="arms at (times 30 degrees)"
    )
    nodes = {"c": (0.0, 0.0)}
    for arm in arms:
        angle = math.radians(30 * arm + data.draw(st.integers(-8, 8)))
        nodes[f"n{arm}"] = (150 * math.cos(angle), 150 * math.sin(angle))
    roads = [(f"n{arm}", "c", data.draw(st.integers(1, 4))) for arm in arms]
    speed = data.draw(st.sampled_from([8.33, 13.89, 16.67, 22.22]))
    side = data.draw(st.sampled_from(["true", "false"]))
    net = crossing_net(tmp_path_factory.mktemp("drawn"), nodes, roads, "--lefthand", side, speed_mps=speed)
    for kind in ("static", "actuated"):
        plans, controllers = guess_plans(net, kind=kind), read_controllers(net)
        assert check_plan(plans["c"], controllers["c"]) == []
        assert judge(net, plans)[1] == []


def test_more_flow_gets_more_green(tmp_path: Path) -> None:
    net = four_arms(tmp_path)
    text = net.read_text()
    busy = {name: text for name in ("nc", "sc")}
    for name in busy:
        text = text.replace(
            f'<edge id="{name}" from="{name[0]}" to="c" priority="-1" type="highway.secondary"',
            f'<edge id="{name}" from="{name[0]}" to="c" priority="-1" type="highway.residential"',
        )
    assert text.count("highway.residential") == 2
    net.write_text(text)
    plan = guess_plans(net, kind="static")["c"]
    raw = Raw(net)
    green = {
        edge: sum(
            p.duration_s for p in plan.phases if any(p.state[k[0]] in "Gg" for k in raw.links["c"] if k[1] == edge)
        )
        for edge in ("nc", "ec")
    }
    assert green["ec"] > 1.5 * green["nc"]


def test_embedding_changes_the_plans_alone_and_always_alike(tmp_path: Path) -> None:
    net = dual_carriageway(tmp_path)
    before = net.read_text()
    plans = guess_plans(net)
    embed_plans(net, plans)
    once = net.read_bytes()
    embed_plans(net, guess_plans(net))
    assert net.read_bytes() == once
    assert read_signal_plans(net) == plans
    start, end = before.index("<tlLogic"), before.rindex("</tlLogic>")
    text = once.decode()
    assert text.startswith(before[:start].rstrip(" "))
    assert text.endswith(before[end:])
    with pytest.raises(BadInput, match="no signal 'elsewhere'"):
        embed_plans(net, {"elsewhere": plans["dual"]})
    assert net.read_bytes() == once


def test_sumo_runs_embedded_plans_without_a_word(tmp_path: Path) -> None:
    net = dual_carriageway(tmp_path)
    embed_plans(net, guess_plans(net))
    trips = "".join(
        f'<trip id="{n}" depart="{2 * n}" from="{a}" to="{b}"/>'
        for n, (a, b) in enumerate([("sa", "bn"), ("awa", "bn"), ("nb", "aae"), ("beb", "as"), ("nb", "as")] * 12)
    )
    (tmp_path / "trips.xml").write_text(f"<routes>{trips}</routes>")
    command = [str(sumo_home() / "bin" / "sumo"), "-n", str(net), "-r", str(tmp_path / "trips.xml"), "--no-step-log"]
    command += ["--xml-validation", "never", "--tripinfo-output", str(tmp_path / "info.xml"), "-e", "900"]
    environment = {**os.environ, "SUMO_HOME": str(sumo_home())}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0
    assert "Warning" not in done.stderr and "Error" not in done.stderr, done.stderr
    assert len(list(ET.parse(tmp_path / "info.xml").getroot().iter("tripinfo"))) == 60
