"""A simulation as a street with detectors: what its induction loops count, period by period, while it runs.

Started as a program (`python -m models.sumo.street CASE PERIOD_S SEED EVERY_LANE [END_S]`, outputs in the folder where
it stands) it writes a line of JSON a period: `{"begin_s", "end_s", "loops": {id: [vehicles, speed_mps, occupancy]}}`.
Whoever does not read holds it up, and it ends when nobody reads any more.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from models.sumo.additionals import redirect
from models.sumo.case import SumoCase, read_case
from models.sumo.native import arguments
from models.sumo.session import Session
from networks.errors import BadInput

_QUIET = {"no-step-log": "true", "duration-log.disable": "true", "aggregate-warnings": "3", "xml-validation": "never"}


@dataclass(frozen=True)
class Spoken:
    """What all loops said of a period.

    Attributes:
        begin_s, end_s: The period, on the simulation's clock.
        loops: Loop -> vehicles that left it, their harmonic mean speed (m/s; None without any), share of the time in
            which it was covered.
    """

    begin_s: float
    end_s: float
    loops: dict[str, tuple[int, float | None, float]]


def speaking(
    case: SumoCase, folder: Path, *, period_s: float, seed: int, every_lane: bool = False, end_s: float | None = None
) -> Iterator[Spoken]:
    """Run a case in this process and give what its loops say, until its end or, without one, until it is empty.

    Args:
        case: The case; what its files would write goes to `folder`.
        folder: Exists.
        period_s: Length of a period (s); the last, incomplete one is not told.
        seed: SUMO's.
        every_lane: Put a loop in the middle of every lane instead of using the case's own.
        end_s: End instead of the case's.

    Raises:
        BadInput: The case has no loops.
        EngineFailed: SUMO stopped, or this process runs a simulation already.
    """
    files = list(redirect(case.additionals, folder, {}, period_s).files)
    if every_lane:
        files.append(_on_every_lane(case.net, folder))
    said = arguments(case.between(end_s=end_s), files) | _QUIET | {"seed": str(seed)}
    session = Session([word for name, value in said.items() for word in (f"--{name}", value)])
    try:
        yield from _periods(session, case, period_s)
    finally:
        session.close()


def _periods(session: Session, case: SumoCase, period_s: float) -> Iterator[Spoken]:
    loop, simulation = session.sumo.inductionloop, session.sumo.simulation
    names = sorted(loop.getIDList())
    if not names:
        what = "it has no induction loops"
        raise BadInput(what, file=case.file, expected="e1Detector in an additional file", remedy="ask for every lane")
    end_s, begin_s, before_s = simulation.getEndTime(), session.time_s, session.time_s
    left, slow_s, covered_s = (dict.fromkeys(names, 0.0) for _ in range(3))
    while (session.time_s < end_s) if end_s > 0 else simulation.getMinExpectedNumber() > 0:
        session.step()
        now_s = session.time_s
        for name in names:
            for _, length_m, entered_s, left_s, _ in loop.getVehicleData(name):
                covered_s[name] += max(0.0, (left_s if left_s >= 0.0 else now_s) - max(entered_s, before_s))
                if left_s > entered_s:
                    left[name] += 1
                    slow_s[name] += (left_s - entered_s) / length_m
        before_s = now_s
        if now_s >= begin_s + period_s - 1e-9:
            share = {name: covered_s[name] / (now_s - begin_s) for name in names}
            told = {n: (int(left[n]), left[n] / slow_s[n] if left[n] else None, share[n]) for n in names}
            yield Spoken(begin_s, now_s, told)
            begin_s = now_s
            left, slow_s, covered_s = (dict.fromkeys(names, 0.0) for _ in range(3))


def _on_every_lane(net: Path, folder: Path) -> Path:
    """An additional file with a loop in the middle of each lane that no junction holds, named like its lane."""
    root = ElementTree.Element("additional")
    for _, element in ElementTree.iterparse(net):
        if element.tag == "lane" and not element.get("id", ":").startswith(":"):
            lane, at = element.get("id", ""), float(element.get("length", "1")) / 2
            period = "3600"
            said = {
                "id": lane,
                "lane": lane,
                "pos": f"{at:.2f}",
                "period": period,
                "file": "NUL",
                "friendlyPos": "true",
            }
            ElementTree.SubElement(root, "inductionLoop", said)
    file = folder / "every_lane.add.xml"
    ElementTree.ElementTree(root).write(file, encoding="utf-8")
    return file


def main(words: list[str]) -> None:
    """Write a line a period."""
    case, period_s, seed, every_lane, *end = words
    spoken = speaking(
        read_case(case), Path.cwd(), period_s=float(period_s), seed=int(seed), every_lane=every_lane == "true",
        end_s=float(end[0]) if end else None,
    )  # fmt: skip
    for one in spoken:
        loops = {
            n: [c, None if v is None else round(v, 3), round(min(o, 1.0), 5)] for n, (c, v, o) in one.loops.items()
        }
        assert all(math.isfinite(v or 0.0) for _, v, _ in loops.values())
        sys.stdout.write(json.dumps({"begin_s": one.begin_s, "end_s": one.end_s, "loops": loops}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BrokenPipeError:
        sys.exit(0)
    except BadInput as error:
        sys.exit(str(error))
