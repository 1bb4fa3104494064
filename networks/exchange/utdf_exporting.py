"""Plans to UTDF and back, with what is kept and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from networks.errors import BadInput
from networks.exchange.telling import Told, not_held, read_back, rings_in_words, tell_rings
from networks.exchange.utdf_lanes import check_serving, served_columns
from networks.exchange.utdf_reading import read_utdf
from networks.exchange.utdf_writing import write_utdf
from networks.signals.layout import Layout
from networks.signals.plan import SignalPlan


@dataclass(frozen=True)
class Report:
    """What became of each signal.

    Attributes:
        written: Signal id -> lines about it.
        left_out: Signal id -> why it is not in the file.
    """

    written: dict[str, list[str]]
    left_out: dict[str, str]


def export_utdf(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], path: Path) -> Report:
    """Write plans as a UTDF combined file, read it back and compare.

    Raises:
        BadInput: A plan is not of the network, or none of them can be told in rings.
        StorageFailed: The disk is full or may not be written.
    """
    told = _that_fit(tell_rings(plans, layouts), layouts)
    if not told.rings:
        first = next(iter(told.left_out.items()), ("?", "there is no plan"))
        raise BadInput(f"no plan can be written as UTDF: {first[1]}", place=f"signal {first[0]}")
    write_utdf(told.rings, layouts, path)
    back = read_utdf(path, told.rings, layouts).rings
    written = {}
    for number, (tls, rings) in enumerate(sorted(told.rings.items()), 1):
        lines = [f"INTID {number}, phases {rings_in_words(rings)}; {read_back(plans[tls], back[tls])}"]
        torn = served_columns(rings, layouts[tls])[1]
        missing = not_held(rings) + ([f"different phases of links that are all {', '.join(torn)}"] if torn else [])
        if missing:
            lines.append(f"not in the file, kept from the network's plan when it is read: {'; '.join(missing)}")
        written[tls] = lines
    return Report(written, told.left_out)


def _that_fit(told: Told, layouts: Mapping[str, Layout]) -> Told:
    fit, left_out = {}, dict(told.left_out)
    for tls, rings in told.rings.items():
        try:
            check_serving(served_columns(rings, layouts[tls])[0], tls)
            fit[tls] = rings
        except BadInput as error:
            left_out[tls] = error.what
    return Told(fit, left_out)
