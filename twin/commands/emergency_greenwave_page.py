"""The page of `twin emergency greenwave`, from what its drives told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from models.sumo import SumoCase
    from networks import Corridor
    from scenarios.greenwave.choosing import Answer
    from scenarios.greenwave.judging import Price
    from scenarios.greenwave.order import Drive, Told
    from viz.signals.sheets.wave_sheet import Driven, People


def page_of(
    case: SumoCase, found: Sequence[Told], answer: Answer, aside: Mapping[str, str], broken: Sequence[str], rules: str
) -> str:  # fmt: skip
    """The page of the first call, which was recorded.

    Args:
        case: The case.
        found: Of each seed, whole.
        answer: Which signals should hand over.
        aside: Signals that cannot hand over, and why.
        broken: Rules that were broken.
        rules: Name of the table.
    """
    from networks import corridor_along
    from scenarios.greenwave.choosing import drive_of
    from scenarios.greenwave.order import BLUE
    from viz.signals.pages.page import page
    from viz.signals.sheets.wave_sheet import wave_sheet
    from viz.text import both

    told = found[0]
    assert told.wave is not None
    assert told.blue is not None
    corridor = corridor_along(case.net, told.edges)
    drawn = drive_of(told, answer.chosen) or told.wave
    held = dict(aside) | dict(told.wave.aside)
    notes = {
        stop.tls_id: both("wave.follows") + (f": {held[stop.tls_id]}" if stop.tls_id in held else "")
        for stop in corridor.stops
        if stop.tls_id not in drawn.shown
    }
    part = wave_sheet(
        corridor, _driven(drawn), _driven(told.blue), _people(case, corridor, rules),
        f"{BLUE}.{told.call.call_id}", told.call.time_s, lines=[_answer(answer, told), *_lines(found, broken, rules)],
        simulated=both("wave.simulated", case=case.name, seed=1, signals=len(drawn.shown)), notes=notes,
    )  # fmt: skip
    signals = len({stop.tls_id for stop in corridor.stops})
    lead = both(
        "wave.lead", start=told.edges[0], end=told.edges[-1], at=f"{told.call.time_s:g}", signals=signals,
        length=f"{corridor.length_m:.0f}",
    )  # fmt: skip
    return page(case.name, [part], kind=both("wave.kind"), lead=lead)


def _answer(answer: Answer, told: Told) -> Markup:
    from viz.text import both

    assert told.wave is not None
    if not answer.chosen:
        return both("wave.none", count=1 + len(told.fewer))
    share, mean_s = answer.gained
    words = {
        "kept": ", ".join(answer.chosen), "count": len(answer.chosen), "every": len(told.wave.shown),
        "share": f"{0.0 - share:+.0%}" if math.isfinite(share) else "–", "mean": f"{mean_s:+.1f}",
        "seeds": len(answer.judged),
    }  # fmt: skip
    if not answer.kept:
        return both("wave.not_worth", **words)
    return both("wave.answer_fresh" if answer.fresh else "wave.answer", **words)


def _lines(found: Sequence[Told], broken: Sequence[str], rules: str) -> list[Markup]:
    from scenarios.ensembles.interval import mean_interval
    from scenarios.greenwave.judging import both_came, price_of
    from viz.text import both

    told = found[0]
    assert told.wave is not None
    assert told.blue is not None
    price = price_of(told.wave, told.blue, told.lanes_m, told.least_s)
    lines = [
        *_driven_in(price, told.blue.travel_s, told.least_s),
        both(
            "wave.others", count=price.others, mean=f"{price.mean_s:+.1f}", worst=f"{price.worst_s:+.0f}",
            filled=len(price.filled), freed=len(price.freed),
        ),
    ]  # fmt: skip
    if price.too_dear:
        lines.append(both("wave.too_dear", count=len(told.wave.shown)))
    for kept, drive in told.fewer:
        if drive is told.wave:
            continue
        less = price_of(drive, told.blue, told.lanes_m, told.least_s)
        lines.append(
            both(
                "wave.fewer", kept=", ".join(kept), wave=f"{less.travel_s:.0f}", share=f"{0.0 - less.share:+.0%}",
                mean=f"{less.mean_s:+.1f}",
            )
        )  # fmt: skip
    prices = [price_of(one.wave, one.blue, one.lanes_m, one.least_s) for one in found if one.wave and one.blue]
    came = both_came(prices)
    if len(came) < len(prices):
        lines.append(both("wave.never_came", count=len(prices) - len(came)))
    if len(came) > 1:
        share, low, high = mean_interval([one.share for one in came])
        mean = mean_interval([one.mean_s for one in came])[0]
        lines.append(
            both(
                "wave.seeds", count=len(came), share=f"{share:.0%}", low=f"{low:.0%}", high=f"{high:.0%}",
                mean=f"{mean:+.1f}",
            )
        )  # fmt: skip
    lines.append(both("wave.rules_broken", count=len(broken)) if broken else both("wave.rules_kept", rules=rules))
    return lines


def _driven_in(price: Price, blue_s: float, least_s: float) -> list[Markup]:
    """How long the vehicle took, as far as it came."""
    from viz.text import both

    if not math.isfinite(price.share):
        return [both("wave.never_alone" if math.isnan(blue_s) else "wave.never", wave=f"{price.travel_s:.0f}")]
    share, most = f"{0.0 - price.share:+.0%}", f"{0.0 - price.most:+.0%}"
    return [
        both("wave.sentence", wave=f"{price.travel_s:.0f}", blue=f"{blue_s:.0f}", share=share),
        both("wave.at_most", least=f"{least_s:.0f}", share=most),
    ]


def _driven(drive: Drive) -> Driven:
    import pandas as pd

    from viz.signals.sheets.wave_sheet import Driven

    return Driven(
        pd.DataFrame(drive.states, columns=["time_s", "tls_id", "state"]),
        pd.DataFrame(drive.tracks, columns=["time_s", "vehicle_id", "lane_id", "pos_m", "speed_mps"]),
        drive.passed_s,
        drive.end_s,
    )


def _people(case: SumoCase, corridor: Corridor, rules: str) -> dict[int, People | None]:
    from networks import read_layouts, read_rules, rule_controller
    from networks.rules.ground import ruled_crossing
    from networks.signals.equipment.crossings import find_crossings
    from viz.signals.sheets.wave_sheet import people_at

    layouts, table, found = read_layouts(case.net), read_rules(rules), dict[int, "People | None"]()
    for n, stop in enumerate(corridor.stops):
        controller = rule_controller(layouts[stop.tls_id], table)
        crossings = [ruled_crossing(table, one) for one in find_crossings(layouts[stop.tls_id], controller.groups)]
        found[n] = people_at(stop, controller, crossings)
    return found
