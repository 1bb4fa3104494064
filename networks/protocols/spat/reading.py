"""SPaT: a replay of messages as plans of SUMO's at fixed times."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from networks.errors import BadInput
from networks.protocols.spat.messages import CLEARANCES, HOUR, STATES
from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.plan import STATIC, SignalPlan
from networks.text_file import read_text
from networks.timing.likeness import likeness
from networks.timing.looping import shown_loop

_LINKS = re.compile(r"\[([\d ]+)\]$")
_LETTERS = {state: letter for letter, state in STATES.items()} | dict.fromkeys(CLEARANCES.values(), "y")
_LONGEST_S = 3600.0


def read_spat(path: Path, today: Mapping[str, SignalPlan]) -> dict[str, SignalPlan]:
    """The plans of a replay of one cycle; today's to the last digit where it shows the same in every second.

    The cycle begins with the first message of a signal, at its time; it ends when the last state of the last message
    does. Limits of greens are not read.

    Raises:
        BadInput: A line is no SPaT message, a signal is not of the network, or its movements are not its links.
    """
    told: dict[str, list[tuple[float, str, float]]] = {}
    lines = read_text(path).splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                for intersection in json.loads(line)["intersections"]:
                    name = str(intersection["name"])
                    told.setdefault(name, []).append(_state(intersection, _links(name, today, path)))
            except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
                what = f"it is no SPaT message: {type(error).__name__}: {error}"
                raise BadInput(what, file=path, place=f"line {number}", expected="intersections with states") from error
    if not told:
        raise BadInput("it holds no message", file=path, expected="a SPaT message a line")
    return {name: _plan(name, own, today[name], path) for name, own in sorted(told.items())}


def _links(name: str, today: Mapping[str, SignalPlan], path: Path) -> int:
    if name not in today:
        expected = f"names of its signals, e.g. {', '.join(sorted(today)[:3])}"
        raise BadInput("the network has no such signal", file=path, place=f"signal {name}", expected=expected)
    return len(today[name].phases[0].state)


def _state(intersection: Mapping[str, Any], links: int) -> tuple[float, str, float]:
    """(second, letters, second at which the first of the states ends) of a message.

    Raises:
        ValueError: A movement does not tell its links, or links are told twice or not at all.
    """
    moment = 60 * int(intersection["moy"]) + float(intersection["timeStamp"]) / 1000
    letters, ends = [""] * links, []
    for one in intersection["states"]:
        match, event = _LINKS.search(str(one["movementName"])), one["state-time-speed"][0]
        if match is None:
            raise ValueError(f"movement {one['movementName']!r} does not end with its links: V1 [0 3]")
        for link in map(int, match[1].split()):
            if link >= links or letters[link]:
                raise ValueError(f"link {link} is told twice or is not there")
            letters[link] = _LETTERS[str(event["eventState"])]
        end = event["timing"].get("likelyTime", event["timing"]["minEndTime"])
        left = (int(end) / 10 - moment) % (HOUR / 10)
        ends.append(moment + (left or HOUR / 10))
    if not all(letters):
        raise ValueError(f"link {letters.index('')} is not told")
    return moment, "".join(letters), min(ends)


def _plan(name: str, told: list[tuple[float, str, float]], today: SignalPlan, path: Path) -> SignalPlan:
    own = sorted(told)
    moments = [*(moment for moment, _, _ in own), own[-1][2]]
    seconds = [round(after - moment, 3) for moment, after in itertools.pairwise(moments)]
    if min(seconds) <= 0 or sum(seconds) > _LONGEST_S:
        what = f"its messages tell {sum(seconds):g} s, one of {min(seconds):g} s"
        raise BadInput(what, file=path, place=f"signal {name}", expected="one cycle, each message later than the other")
    phases = tuple(SignalPhase(s, state, s, s) for s, (_, state, _) in zip(seconds, own, strict=True))
    read = replace(today, kind=STATIC, params=(), offset_s=round(moments[0] % sum(seconds), 3), phases=phases)
    return today if likeness(shown_loop(today), read).same else read
