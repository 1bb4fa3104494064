"""Fixed signal plans of a case with longer or shorter greens: what is searched where plans are guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from networks.safe_xml import read_xml

SHORTEST_GREEN_S = 5.0
PROGRAM = "fitted"


@dataclass(frozen=True, slots=True)
class SignalPlans:
    """The plans that run when a simulation begins.

    Attributes:
        plans: Signal, offset (s), and (seconds, state) of each phase.
    """

    plans: tuple[tuple[str, float, tuple[tuple[float, str], ...]], ...]

    def write(self, file: Path, times: float) -> Path:
        """Write all plans with greens `times` as long, yellow and all-red as they are, as an additional file."""
        root = ElementTree.Element("additional")
        for signal, offset_s, phases in self.plans:
            said = {"id": signal, "type": "static", "programID": PROGRAM, "offset": f"{round(offset_s * times)}"}
            logic = ElementTree.SubElement(root, "tlLogic", said)
            for seconds, state in phases:
                duration = max(SHORTEST_GREEN_S, round(seconds * times)) if _green(seconds, state) else seconds
                ElementTree.SubElement(logic, "phase", {"duration": f"{duration:g}", "state": state})
        ElementTree.indent(root)
        file.write_text(ElementTree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
        return file


def read_plans(net_file: Path, additionals: Sequence[Path] = ()) -> SignalPlans:
    """Fixed plans of a network, those of additional files instead where they have one (the last counts, as in SUMO).

    Raises:
        BadInput: A file is damaged.
    """
    found: dict[str, tuple[str, float, tuple[tuple[float, str], ...]]] = {}
    for file in (net_file, *additionals):
        for logic in read_xml(file).iter("tlLogic"):
            name = logic.get("id", "")
            if logic.get("type", "static") != "static":
                found.pop(name, None)
                continue
            phases = tuple((float(one.get("duration", 0)), one.get("state", "")) for one in logic.iter("phase"))
            found[name] = (name, float(logic.get("offset", 0)), phases)
    return SignalPlans(tuple(found.values()))


def _green(seconds: float, state: str) -> bool:
    return seconds >= SHORTEST_GREEN_S and "y" not in state.lower() and "g" in state.lower()
