"""Plans written into a SUMO network, in the place of those that it holds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

from networks.errors import BadInput
from networks.landing import landing_file
from networks.signals.plans.plan import SignalPlan
from networks.signals.plans.plan_file import plan_element

_LOGIC = re.compile(r"[ \t]*<tlLogic\b[^>]*?(?:/>|>.*?</tlLogic>)[ \t]*\r?\n?", re.S)


def embed_plans(net_file: Path, plans: Mapping[str, SignalPlan]) -> None:
    """Replace the plans of a network's signals, each with its source; the rest of the file keeps its bytes.

    The file appears whole or stays as it was; the same plans give the same bytes.

    Raises:
        BadInput: A plan is for a signal that the network has not.
        StorageFailed: The disk is full or may not be written.
    """
    text = net_file.read_bytes().decode("utf-8")
    written: set[str] = set()

    def replace(found: re.Match[str]) -> str:
        tls = ET.fromstring(found.group(0)).get("id", "")
        if tls not in plans:
            return found.group(0)
        if tls in written:
            return ""
        written.add(tls)
        return _logic_text(plans[tls])

    changed = _LOGIC.sub(replace, text)
    missing = sorted(set(plans) - written)
    if missing:
        raise BadInput(f"it has no signal {missing[0]!r}", file=net_file, expected="plans of this network's signals")
    with landing_file(net_file) as beside:
        beside.write_bytes(changed.encode("utf-8"))


def _logic_text(plan: SignalPlan) -> str:
    element = plan_element(plan)
    ET.indent(element, "    ", level=1)
    return "    " + ET.tostring(element, encoding="unicode").rstrip() + "\n"
