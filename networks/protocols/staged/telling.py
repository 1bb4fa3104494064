"""Every plan told in stages, as far as it can be."""

from __future__ import annotations

from collections.abc import Mapping

from networks.errors import BadInput
from networks.protocols.staged.arms import with_arms
from networks.protocols.staged.plan import StagedPlan
from networks.protocols.staged.wiring import staged_in
from networks.signals.controllers.building import build_controller
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan


def staged_plans(
    plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout], wiring: Mapping[str, SignalPlan]
) -> tuple[dict[str, StagedPlan], dict[str, str]]:
    """The staged plan of every plan that has one, and why the others have none."""
    staged, left_out = dict[str, StagedPlan](), dict[str, str]()
    for tls, plan in sorted(plans.items()):
        try:
            staged[tls] = with_arms(staged_in(plan, build_controller(layouts[tls]), wiring), layouts[tls])
        except BadInput as error:
            left_out[tls] = error.what
    return staged, left_out
