"""Gates that let in less than they could."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.crowd.city.controls.controls import Controls
from models.crowd.city.controls.measures import Gate
from models.crowd.city.site_table import SiteTable


def with_gates(
    sites: SiteTable, controls: Controls, one_out_one_in: bool | np.ndarray
) -> tuple[SiteTable, np.ndarray]:  # fmt: skip
    """The sites and who keeps to its capacity, bool, shape (sites,), with the gates of `controls`."""
    rate, held = sites.gate_ps.copy(), np.array(np.broadcast_to(np.asarray(one_out_one_in), (len(sites),)))
    for gate in controls.of(Gate):
        rate[gate.site] = sites.gate_ps[gate.site] * gate.share
        held[gate.site] |= gate.one_out_one_in
    return replace(sites, gate_ps=rate), held
