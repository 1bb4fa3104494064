"""The target of a search on a case: what its runs are to tell, and whether anybody there travels so."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.sumo import SumoCase
from networks import read_signal_links
from networks.errors import BadInput
from networks.signals.layouts.lane_lengths import read_lane_lengths
from scenarios.signals.trying.aim import MODES_OF, Purpose, Target
from scenarios.signals.trying.modes import read_modes
from scenarios.signals.trying.trials import Trials


def target_of(case: SumoCase, purpose: Purpose, days: Sequence[SumoCase] = ()) -> Target:
    """What runs of a case, and of other days of it, are to tell."""
    if purpose == "delay":
        return Target()
    lengths = read_lane_lengths(case.net)
    ends = {f"{link.from_edge}_{link.from_lane}" for links in read_signal_links(case.net).values() for link in links}
    return Target(purpose, read_modes(case, *days), {lane: lengths[lane] for lane in sorted(ends) if lane[0] != ":"})


def check_travelled(trials: Trials) -> None:
    """Whether somebody travels by the mode whose delay is to be less; costs one run where that is asked.

    Raises:
        BadInput: Nobody does.
    """
    purpose = trials.target.purpose
    if purpose in MODES_OF and math.isnan(trials.run([({}, 1)])[0].cost):
        raise BadInput(
            f"it has no {purpose}, so nothing is known of their delay",
            file=trials.case.file,
            place=f"--for {purpose}",
            expected=f"travellers of vClass {', '.join(MODES_OF[purpose])}"
            if purpose != "pedestrians"
            else "persons who walk",
            remedy="add them to the demand, or choose another aim",
        )
