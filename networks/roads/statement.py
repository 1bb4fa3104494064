"""What the tags of a road say about each of its directions: lanes, turns, speed, buses, bicycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from networks.osm.extract import Tags
from networks.osm.values import Reading, read_lanes, read_speed, says_yes, tidy
from networks.roads.cycling import Cycling, read_cycling
from networks.roads.lane_lists import LaneList, bus_lane_guests, read_lane_list, reserve_at_side
from networks.sentence import Sentence, say

_MAIN = ("motorway", "trunk", "primary", "secondary")
_SPEED_KEYS = ("maxspeed", "maxspeed:type", "zone:maxspeed", "source:maxspeed")


@dataclass(frozen=True)
class Side:
    """One direction of travel of a way.

    Attributes:
        lanes: Lanes for motor vehicles, bus lanes among them; None where the tags do not say.
        speed_mps: Speed limit; None where the tags do not say.
        turns: Arrows of each lane from left to right, `through;right`, "" for none; empty where not mapped.
        bus: For each lane from left to right whether it is for buses alone; empty where none is.
        bus_with: Who else may use the bus lanes: `taxi`, `bicycle`.
        cycle: "lane" or "track" beside the motor lanes, or "".
    """

    lanes: int | None
    speed_mps: float | None
    turns: tuple[str, ...] = ()
    bus: tuple[bool, ...] = ()
    bus_with: frozenset[str] = frozenset()
    cycle: str = ""


@dataclass(frozen=True)
class Change:
    """A tag that was read otherwise than it stands; becomes a Repair."""

    rule: str
    before: str
    after: str
    why: Sentence


@dataclass(frozen=True)
class Question:
    """Tags that contradict each other or the road's kind; becomes a Doubt."""

    kind: str
    what: Sentence
    remedy: Sentence
    influence: float


@dataclass
class Remarks:
    """Changes and questions as they are collected."""

    changes: list[Change] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def change(self, rule: str, before: str, after: str, why: Sentence) -> None:
        self.changes.append(Change(rule, before, after, why))

    def ask(self, kind: str, what: Sentence, remedy: Sentence, influence: float) -> None:
        self.questions.append(Question(kind, what, remedy, influence))


@dataclass(frozen=True)
class Statement:
    """What a way's tags say.

    Attributes:
        forward, backward: Travel along and against the way's direction; None where motor vehicles may not.
        bicycle: Whether bicycles may ride on it, None where the road's class decides.
        contraflow: Bicycles may ride against a one-way street.
        bus_contraflow: Buses may drive against a one-way street, in a lane of their own.
        shared: Lanes in the middle for both directions (`lanes:both_ways`), which SUMO does not know.
        changes, questions: What was not taken as it stands.
    """

    forward: Side | None
    backward: Side | None
    bicycle: bool | None
    contraflow: bool
    bus_contraflow: bool
    shared: int
    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def lanes(self) -> int | None:
        """Motor lanes of both directions together, None where the tags do not say it for each."""
        sides = [side for side in (self.forward, self.backward) if side is not None]
        counts = [side.lanes for side in sides]
        if None in counts or not sides:
            return None
        return sum(count for count in counts if count is not None) + self.bus_contraflow

    def side(self, forward: bool) -> Side | None:
        """One direction, that of buses against the traffic included."""
        own = self.forward if forward else self.backward
        other = self.backward if forward else self.forward
        if own is None and other is not None and self.bus_contraflow:
            return Side(1, other.speed_mps, bus=(True,), bus_with=other.bus_with)
        return own


def state_way(tags: Tags, *, left_hand: bool = False, signal_end: str = "") -> Statement:
    """Read a way's tags.

    Args:
        tags: As mapped.
        left_hand: Traffic keeps left.
        signal_end: "forward" or "backward" where only that direction runs towards a signal: of an odd number of lanes
            it gets the larger half, else the way's own direction does.
    """
    remarks = Remarks()
    along, against = _directions(tags, remarks)
    cycling = read_cycling(tags, one_way=not (along and against), reverse=against and not along, left_hand=left_hand)
    sides: tuple[Side | None, Side | None]
    buses_back = along != against and _buses_against(tags, "backward" if along else "forward")
    if along and against:
        sides = _two_way(tags, remarks, left_hand, signal_end)
    else:
        side = _one_way(tags, remarks, left_hand, "forward" if along else "backward", buses_back)
        sides = (side, None) if along else (None, side)
    forward, backward = _with_cycling(sides, cycling)
    return Statement(
        forward,
        backward,
        cycling.allowed,
        cycling.contraflow,
        buses_back,
        _count(tags, "lanes:both_ways", remarks) or 0,
        tuple(remarks.changes),
        tuple(remarks.questions),
    )


def _with_cycling(sides: tuple[Side | None, Side | None], cycling: Cycling) -> tuple[Side | None, Side | None]:
    forward, backward = sides
    return (
        forward and replace(forward, cycle=cycling.forward),
        backward and replace(backward, cycle=cycling.backward),
    )


def _directions(tags: Tags, remarks: Remarks) -> tuple[bool, bool]:
    """Whether motor vehicles travel (along, against) the way."""
    text = tags.get("oneway")
    word = tidy(text)
    circle = tags.get("junction") in ("roundabout", "circular")
    implied = circle or tags.get("highway") in ("motorway", "motorway_link")
    if word in ("-1", "reverse", "backward"):
        return False, True
    if word == "reversible":
        remarks.ask(
            "reversible_road",
            say("its direction changes with the time of day", "该道路方向随时段变化"),
            say("state the hours; it is built in the way's direction", "请说明时段；目前按路线绘制方向建成单行"),
            0.5,
        )
        return True, False
    told = says_yes(word) if word else None
    if word == "alternating":
        told = False
    elif word and told is None:
        remarks.change(
            "oneway_unreadable",
            f"oneway={text}",
            f"oneway={'yes' if implied else 'no'}",
            say("the value is no direction; the road's kind decides", "该值不是方向，按道路类型确定"),
        )
    if told is False and circle:
        remarks.change(
            "oneway_of_roundabout",
            f"oneway={text}",
            "oneway=yes",
            say("a roundabout is driven in one direction", "环岛只能单向行驶"),
        )
        told = True
    one_way = implied if told is None else told
    return True, not one_way


def _buses_against(tags: Tags, direction: str) -> bool:
    """Whether buses may drive against a one-way street; `direction` is theirs."""
    if any(tags.get(key) == "no" for key in ("oneway:bus", "oneway:psv", "bus:oneway", "psv:oneway")):
        return True
    if tidy(tags.get("busway")).startswith("opposite"):
        return True
    return any(read_lanes(tags.get(f"lanes:{kind}:{direction}")).value for kind in ("bus", "psv"))


def _one_way(tags: Tags, remarks: Remarks, left_hand: bool, direction: str, buses_back: bool) -> Side:
    """The direction of a one-way street; of its lanes one is the buses' that come the other way, where there is one."""
    part, total = _count(tags, f"lanes:{direction}", remarks), _count(tags, "lanes", remarks)
    if total is None or buses_back:
        total = part or (total and max(total - 1, 1))
    elif part is not None and part != total:
        _contradiction(remarks, f"lanes={total}", str(part), f"oneway={tags.get('oneway', '')}, lanes:{direction}")
    lists = read_lane_list(tags, ("", f":{direction}"))
    total = _reconciled(total, lists, remarks)
    return _side(tags, remarks, lists, total, direction, left_hand, one_way=True)


def _two_way(tags: Tags, remarks: Remarks, left_hand: bool, signal_end: str) -> tuple[Side, Side]:
    ahead, back = read_lane_list(tags, (":forward",)), read_lane_list(tags, (":backward",))
    counts = _split(tags, remarks, ahead, back, signal_end)
    if f"{tidy(tags.get('lanes'))}" == "1" and tags.get("highway") in _MAIN:
        remarks.ask(
            "one_lane_main_road",
            say("a main road in both directions with one lane", "双向主干道仅标一条车道"),
            say(
                "check lanes=1 or oneway; it is built with a lane each way",
                "请核对 lanes=1 或 oneway；目前每方向各建一条车道",
            ),
            0.3,
        )
    forward = _side(tags, remarks, ahead, counts[0], "forward", left_hand)
    backward = _side(tags, remarks, back, counts[1], "backward", left_hand)
    return forward, backward


def _split(
    tags: Tags, remarks: Remarks, ahead: LaneList, back: LaneList, signal_end: str
) -> tuple[int | None, int | None]:
    """Lanes (forward, backward) of a two-way road."""
    total = _count(tags, "lanes", remarks)
    along, against = _count(tags, "lanes:forward", remarks), _count(tags, "lanes:backward", remarks)
    shared = _count(tags, "lanes:both_ways", remarks) or 0
    along, against = _reconciled(along, ahead, remarks), _reconciled(against, back, remarks)
    if shared:
        remarks.change(
            "middle_lane",
            f"lanes:both_ways={shared}",
            "lanes:both_ways=0",
            say("SUMO has no lane for both directions: it is left out", "SUMO 没有双向共用车道，故不建"),
        )
    if total is None or (along is not None and against is not None):
        if total is not None and along is not None and against is not None and total != along + against + shared:
            _contradiction(remarks, f"lanes={total}", f"{along} + {against}", "lanes:forward + lanes:backward")
        return along, against
    rest = max(total - shared, 0)
    if along is not None or against is not None:
        one = along if along is not None else against or 0
        other = max(rest - one, 1)
        return (one, other) if along is not None else (other, one)
    larger = max((rest + 1) // 2, 1)
    smaller = max(rest - larger, 1)
    return (smaller, larger) if signal_end == "backward" else (larger, smaller)


def _reconciled(count: int | None, lists: LaneList, remarks: Remarks) -> int | None:
    """The count of lanes, with what the lists of lanes say."""
    if lists.motor is None or count == lists.motor:
        return count
    if count is None:
        return lists.motor
    if count == lists.motor + lists.bicycle:
        remarks.change(
            "cycle_lane_counted",
            f"lanes={count}",
            f"lanes={lists.motor}",
            say("a lane for bicycles alone was counted among the lanes", "自行车专用道被计入车道数"),
        )
        return lists.motor
    _contradiction(remarks, f"lanes={count}", str(lists.motor), lists.key)
    return count


def _contradiction(remarks: Remarks, stated: str, other: str, key: str) -> None:
    remarks.ask(
        "lanes_contradict",
        say(f"{stated}, but {key} has {other}", f"{stated}，而 {key} 为 {other}"),
        say("count the lanes on the spot or on an aerial photo", "请实地或用航片核对车道数"),
        0.4,
    )


def _side(
    tags: Tags,
    remarks: Remarks,
    lists: LaneList,
    count: int | None,
    direction: str,
    left_hand: bool,
    *,
    one_way: bool = False,
) -> Side:
    speed = _speed(tags, remarks, direction)
    fits = count is not None and lists.motor == count
    turns = lists.turns if fits else ()
    bus = lists.bus if fits else ()
    if not any(bus):
        bus = reserve_at_side(tags, count, direction, left_hand=left_hand, one_way=one_way)
    if count is not None and bus and all(bus) and not _buses_only(tags):
        remarks.ask(
            "bus_lane_unplaced",
            say("a bus lane is mapped, but no lane would be left for cars", "标有公交专用道，但其他车辆将无车道可用"),
            say(
                "check lanes and the bus lane's tags; all lanes stay open",
                "请核对车道数与公交专用道标签；目前所有车道开放",
            ),
            0.2,
        )
        bus = ()
    return Side(count, speed, turns if any(turns) else (), bus if any(bus) else (), bus_lane_guests(tags))


def _buses_only(tags: Tags) -> bool:
    closed = any(tags.get(key) in ("no", "private") for key in ("access", "vehicle", "motor_vehicle"))
    return closed or tags.get("highway") in ("busway", "bus_guideway")


def _count(tags: Tags, key: str, remarks: Remarks) -> int | None:
    read = read_lanes(tags[key]) if key in tags else None
    if read is None or (key == "lanes:both_ways" and tidy(tags[key]) == "0"):
        return None
    _note(remarks, "lanes_value", key, tags[key], read, str(read.whole))
    return read.whole


def _speed(tags: Tags, remarks: Remarks, direction: str) -> float | None:
    for key in (f"maxspeed:{direction}", *_SPEED_KEYS):
        if key not in tags:
            continue
        read = read_speed(tags[key])
        if read.value is None and key in ("source:maxspeed", "maxspeed:type"):
            continue  # these usually say only where the limit was read
        shown = "" if read.value is None else f"{read.value * 3.6:.1f}".removesuffix(".0")
        if not any(c.before == f"{key}={tags[key]}" for c in remarks.changes):
            _note(remarks, "maxspeed_value", key, tags[key], read, f"{shown} km/h")
        if read.value is not None:
            return read.value
    return None


def _note(remarks: Remarks, rule: str, key: str, text: str, read: Reading, shown: str) -> None:
    if not read.repaired:
        return
    if read.value is None:
        why = say("the value cannot be read; the road's class decides", "该值无法识别，按道路等级取值")
        remarks.change(rule, f"{key}={text}", f"{key} left out", why)
    else:
        why = say("the value was read by rule", "按规则解读该值")
        remarks.change(rule, f"{key}={text}", f"{key}={shown}", why)


def signal_end(nodes: Sequence[int], signals: frozenset[int]) -> str:
    """Which direction of a way alone runs towards a signal at (or next to) its end: "forward", "backward" or ""."""
    ahead, back = not signals.isdisjoint(nodes[-2:]), not signals.isdisjoint(nodes[:2])
    return "" if ahead == back else "forward" if ahead else "backward"
