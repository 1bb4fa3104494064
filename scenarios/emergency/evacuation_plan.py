"""An evacuation as it is told: rows, sentences, lines on a map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from models.emergency.incidents import Shuttled
from networks.sentence import Sentence, say
from scenarios.emergency.evacuation import Evacuated, Roadways
from scenarios.emergency.evacuation_worlds import left_in_worlds
from scenarios.emergency.footways import Footways
from scenarios.emergency.moment import Moment
from scenarios.emergency.service import Service

STEPS_MIN = (0, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 720, 1440, 2880)
"""Minutes after the order at which it is told who is left."""

RULE_NAMES = {
    "urgent": ("where the last way closes first", "最先断路处优先"),
    "most": ("where most wait", "人数最多处优先"),
    "nearest": ("where they are soonest", "最近处优先"),
}


@dataclass(frozen=True)
class Planned:
    """A plan with all that it was made of.

    Attributes:
        service: Roads of buses.
        feet: Ways on foot.
        found: The plan.
        times: Ways of buses.
        moment: When the order is given.
    """

    service: Service
    feet: Footways
    found: Evacuated
    times: Roadways
    moment: Moment

    def clock(self, when_s: float) -> str:
        """A moment of the run in words."""
        return self.moment.later(when_s - self.found.wish.at_s)

    @cached_property
    def left_over(self) -> dict[int, int]:
        """Gathering -> people who are left."""
        return {at: left for at, left in enumerate(self.found.shuttled.left) if left}

    def steps(self) -> list[tuple[int, int, int, int]]:
        """Minutes after the order, still in the area, on their way, in a shelter; until nothing changes any more."""
        wish, rows = self.found.wish, list[tuple[int, int, int, int]]()
        ends = [one.there_s for one in self.found.shuttled.trips]
        walking = self.found.walk_s[self.found.walked.people > 0]
        last = max([wish.at_s, *ends, *(wish.at_s + wish.prepare_s + walking).tolist()])
        for minutes in STEPS_MIN:
            rows.append((minutes, *self.found.counts(wish.at_s + 60.0 * minutes)))
            if wish.at_s + 60.0 * minutes >= last:
                break
        return rows

    def trip_rows(self) -> list[dict[str, Any]]:
        """Trips by their moments; s of the run."""
        found, rows = self.found, []
        for one in sorted(found.shuttled.trips, key=lambda one: (one.leaves_s, one.bus)):
            way = self.times.way(found.stops[one.stop].edge, one.leaves_s, found.ends[one.shelter])
            rows.append(
                {
                    "bus": found.buses[one.bus].bus_id, "sets_out_s": f"{one.sets_out_s:.0f}",
                    "gathering": one.stop + 1, "leaves_s": f"{one.leaves_s:.0f}",
                    "shelter": found.ground.shelters[one.shelter][0],
                    "there_s": f"{one.there_s:.0f}", "people": one.people,
                    "streets": ", ".join(self.service.streets_along(way)),
                }
            )  # fmt: skip
        return rows

    def place_rows(self) -> list[dict[str, Any]]:
        """Gatherings with what becomes of their people."""
        from pyproj import Transformer

        found, rows = self.found, []
        to_degrees = Transformer.from_crs(self.service.city.crs, "EPSG:4326", always_xy=True)
        for at, (one, stop) in enumerate(zip(found.ground.gatherings, found.stops, strict=True)):
            lon, lat = to_degrees.transform(one.x, one.y)
            left = found.shuttled.left[at]
            rows.append(
                {
                    "gathering": at + 1, "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "people": one.people,
                    "on_foot": int(found.walked.people[at].sum()), "by_bus": stop.people - left, "left": left,
                    "last_way_s": f"{stop.last_s:.0f}" if np.isfinite(stop.last_s) else "",
                }
            )  # fmt: skip
        return rows

    def left_in_worlds(self, plan: Shuttled) -> np.ndarray:
        """See `scenarios.emergency.evacuation_worlds`."""
        return left_in_worlds(self.service, self.found, self.times, plan)

    def told(self) -> list[Sentence]:
        """What there is to say, the most important first."""
        found = self.found
        whole, walked = found.people, int(found.walked.people.sum())
        ridden = sum(one.people for one in found.shuttled.trips)
        said = [
            say(
                f"{whole} people: {walked} walk, {ridden} go by bus in {len(found.shuttled.trips)} trips, "
                f"{whole - walked - ridden} are left; the last leave at {self.clock(found.last_s)}",
                f"共{whole}人：步行{walked}人，乘车{ridden}人（{len(found.shuttled.trips)}趟），"
                f"未能撤离{whole - walked - ridden}人；最后一批于{self.clock(found.last_s)}离开",
            )
        ]
        return [*said, *self._worlds(), *self._left(), *self._shelters(), *self._other_rules()]

    def _worlds(self) -> list[Sentence]:
        left = self.left_in_worlds(self.found.shuttled)
        if len(left) < 2:
            return []
        low, middle, high = (f"{one:.0f}" for one in np.quantile(left, (0.0, 0.5, 1.0)))
        return [
            say(
                f"in the {len(left)} worlds of the flood forecast {low} to {high} are left, in the middle {middle}: "
                "a bus that meets water brings nobody any more",
                f"在积水预报的{len(left)}种情景中，未能撤离{low}至{high}人，中位{middle}人：车辆遇水则不再运人",
            )
        ]

    def _left(self) -> list[Sentence]:
        found, said = self.found, list[Sentence]()
        left = sum(found.shuttled.left)
        short = found.people - sum(places for *_, places in found.ground.shelters)
        if short > 0:
            said.append(say(f"shelters have {short} places too few", f"避难所缺少{short}个位置"))
        if left > found.least_left and not found.buses:
            said.append(
                say(
                    "no bus is known: name them by --buses, or as material of depots",
                    "未登记车辆：请用--buses或物资库填写",
                )
            )
        elif left > found.least_left:
            said.append(
                say(
                    f"{left - found.least_left} of those left could be brought out by more buses, or sooner ones",
                    f"其中{left - found.least_left}人可由更多或更早的车辆撤离",
                )
            )
        if found.least_left:
            said.append(
                say(
                    f"{found.least_left} cannot be helped by buses: no place in a shelter that is reached in time; "
                    "next best: more shelters, boats, upper floors",
                    f"{found.least_left}人无法由车辆撤离：无可及时到达的避难位置；次优：增设避难所、舟艇救援、就地上楼避险",
                )
            )
        for at in sorted(set(found.shuttled.stranded)):
            name, buses = found.ground.shelters[at][0], found.shuttled.stranded.count(at)
            said.append(
                say(
                    f"{buses} bus{'es' * (buses > 1)} cannot come back from {name}: water has shut the way",
                    f"{buses}辆车无法自{name}返回：道路被淹",
                )
            )
        for at, number in self.left_over.items():
            since = found.stops[at].last_s
            if since == np.inf:
                continue
            closed = ("no way leads out at all", "没有可用道路")
            if np.isfinite(since):
                closed = (f"the last way closes at {self.clock(since)}", f"最后通路于{self.clock(since)}中断")
            said.append(
                say(
                    f"gathering {at + 1}: {number} are left; {closed[0]}",
                    f"集合点{at + 1}：{number}人未撤离；{closed[1]}",
                )
            )
        return said

    def _shelters(self) -> list[Sentence]:
        found, said = self.found, list[Sentence]()
        for at, (name, _, _, places) in enumerate(found.ground.shelters):
            taken, wet_s = found.in_shelter(at), float(self.service.shut_s[found.ends[at]])
            if taken == places:
                said.append(say(f"{name} is full: {places} places", f"{name}已满：{places}个位置"))
            if np.isfinite(wet_s):
                said.append(
                    say(
                        f"the road at {name} is shut by water from {self.clock(wet_s)} on",
                        f"{name}门前道路自{self.clock(wet_s)}起被淹",
                    )
                )
        return said

    def _other_rules(self) -> list[Sentence]:
        best = self.found.shuttled
        if not best.trips:
            return []
        first = {one.rule: one for one in reversed((best, *self.found.others))}
        rows = [
            (RULE_NAMES[one.rule], sum(one.left), max((t.there_s for t in one.trips), default=0.0))
            for one in sorted(first.values(), key=lambda one: one.worth)
        ]
        told = [f"{name[0]}: {left} left, last there at {self.clock(last)}" for name, left, last in rows]
        chinese = [f"{name[1]}：余{left}人，{self.clock(last)}最后到达" for name, left, last in rows]
        return [say("buses go " + "; ".join(told), "车辆调度：" + "；".join(chinese))]

    def notes(self) -> list[Sentence]:
        """What it rests on."""
        wish = self.found.wish
        return [
            *self.service.notes(calls=False),
            say(
                f"guesses: out of the door {wish.prepare_s / 60:.0f} min after the order, buses roll after "
                f"{wish.turnout_s / 60:.0f} min, {wish.board_s:.0f} s to get on for each person, walks of up to "
                f"{wish.far_m:.0f} m at 1 m/s, {100 * wish.ride_share:.0f} % cannot walk; nobody drives a car",
                f"估计：下令后{wish.prepare_s / 60:.0f}分钟出门，车辆{wish.turnout_s / 60:.0f}分钟后发车，"
                f"每人上车{wish.board_s:.0f}秒，步行不超过{wish.far_m:.0f}米、每秒1米，"
                f"{100 * wish.ride_share:.0f}%的人不能步行；未计自驾",
            ),
            say(
                "a path on foot is used only if no water shuts it while people walk; a road only if it is open "
                "whenever a bus passes it; who is counted are residents, not visitors",
                "步行道路须在整个步行期间不被淹；车行道路须在车辆通过时保持开放；人数为居民，不含游客",
            ),
        ]

    def ridden(self) -> np.ndarray:
        """(edges,) True for roads of the city itself that buses drive along with people."""
        edges, index = self.service.city.layer("edges"), self.service.index
        used: np.ndarray = np.zeros(len(edges), dtype=bool)
        for one in self.found.shuttled.trips:
            way = self.times.way(self.found.stops[one.stop].edge, one.leaves_s, self.found.ends[one.shelter])
            used[[index[edge] for edge in way]] = True
        own: np.ndarray = (edges["highway"] != "outside").to_numpy(dtype=bool)
        return used & own

    def walk_lines(self) -> list[np.ndarray]:
        """Lines of the ways on foot that are walked."""
        ground, lines = self.found.ground, []
        for at, to in zip(*np.nonzero(self.found.walked.people > 0), strict=True):
            one, (_, x, y, _) = ground.gatherings[int(at)], ground.shelters[int(to)]
            lines.append(self.feet.line(self.feet.nearest(one.x, one.y)[0], self.feet.nearest(x, y)[0]))
        return lines
