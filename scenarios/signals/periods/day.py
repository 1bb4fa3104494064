"""`optimise_day`: a plan for each period of like demand, judged together over the whole time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from models.sumo import SumoCase
from networks import DayPlan, SignalPlan, equipped_for, read_layouts
from networks.errors import BadInput
from networks.rules.regulating import rule_controller
from networks.rules.table import read_rules
from networks.rules.transition import check_transition
from networks.rules.verdict import Verdict
from networks.sentence import Sentence, say
from scenarios.budget.case_plans import plans_today
from scenarios.ensembles.executor import Executor
from scenarios.signals.periods.programmes import day_plan_of, programme, with_switching_points, write_programmes
from scenarios.signals.periods.segmentation import Cut, cut_series
from scenarios.signals.periods.slices import SLICE_S, demand_slices
from scenarios.signals.searching.answer import Answer
from scenarios.signals.searching.optimising import optimise
from scenarios.signals.searching.wish import Wish
from scenarios.signals.trying.days import cut_days
from scenarios.signals.trying.gain import Gain, gains_of
from scenarios.signals.trying.offer import Offer, offer_of
from scenarios.signals.trying.trials import Outcome, Trials, run_job

SHORTEST_SLICES = 2
LEAD_S = 300.0
"""So long before its begin a period is simulated: streets are not empty then."""


@dataclass(frozen=True)
class Period:
    """A period of the day.

    Attributes:
        begin_s, end_s: Seconds of the simulation.
        flow_vph: Vehicles per hour that reach the signals' approaches, all together.
        answer: What was found for it.
    """

    begin_s: float
    end_s: float
    flow_vph: float
    answer: Answer


@dataclass(frozen=True)
class Day:
    """What was found for a day.

    Attributes:
        periods: In their order.
        programmes: Plans by period, by signal, under their programmes' names.
        explained: Share of the demand's squared deviations that lies between the periods.
        demand_vph: Vehicles per hour that reach the signals' approaches, all together, by slice of `slice_s`.
        slice_s: Length of a slice.
        before, after: Outcomes over the whole time, as it is and with all programmes, on the judged seeds.
        alone: The same with the plans of the period with most traffic all the time.
        failing: What fails the rules: in a period, or between two.
        day_plan: Which programme runs when.
    """

    periods: tuple[Period, ...]
    programmes: tuple[Mapping[str, SignalPlan], ...]
    explained: float
    demand_vph: tuple[float, ...]
    slice_s: float
    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]
    alone: tuple[Outcome, ...]
    failing: tuple[Verdict, ...]
    day_plan: DayPlan

    @property
    def gains(self) -> tuple[Gain, ...]:
        """What the programmes gain over the whole time, by definition."""
        return gains_of(self.before, self.after)

    @property
    def offer(self) -> Offer:
        """Whether the programmes may take the place of today's plans."""
        faults = self.periods[0].answer.faults
        return offer_of(self.gains, self.before, self.after, faults=faults, failing=bool(self.failing))

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What is to be said of single periods whose plans are not simply better than today's."""
        return tuple(
            say(f"{programme(n)}: {words['en']}", f"{programme(n)}：{words['zh']}")
            for n, one in enumerate(self.periods, 1)
            if (words := one.answer.offer.words)["en"]
        )

    @property
    def single(self) -> Gain:
        """What the busiest period's plans alone gain over the whole time, all planned vehicles."""
        return gains_of(self.before, self.alone)[0]

    @property
    def apart(self) -> Gain:
        """What programmes by the time gain over the busiest period's plans all the time, all planned vehicles."""
        return gains_of(self.alone, self.after)[0]

    def write(self, path: Path) -> None:
        """Write the programmes and their switching times."""
        write_programmes(self.programmes, [one.begin_s for one in self.periods], path)

    def as_json(self) -> dict[str, Any]:
        """The day as JSON; each period's answer lies in a folder of its own."""
        return {
            "offer": self.offer.as_json(),
            "notes": list(self.notes),
            "gains": [_told(gain) for gain in self.gains],
            "over_one_plan": _told(self.apart),
            "explained": self.explained,
            "slice_s": self.slice_s,
            "demand_vph": list(self.demand_vph),
            "periods": [
                {
                    "program": programme(n),
                    "begin_s": one.begin_s,
                    "end_s": one.end_s,
                    "flow_vph": one.flow_vph,
                    "simulations": one.answer.simulations,
                    "gains": [_told(gain) for gain in one.answer.gains],
                }
                for n, one in enumerate(self.periods, 1)
            ],
            "day_plan": [{"begin_s": one.begin_s, "program": one.program} for one in self.day_plan.switches],
            "failing": [f"{one.tls_id} {one.rule} {one.subject}".strip() for one in self.failing],
        }


def _told(gain: Gain) -> dict[str, Any]:
    interval = [None if value != value else value for value in (gain.low, gain.high)]
    return {"definition": gain.definition, "before": gain.before, "after": gain.after, "interval": interval}


def optimise_day(
    case: SumoCase,
    wish: Callable[[], Wish],
    executor: Executor,
    *,
    periods: int,
    slice_s: float = SLICE_S,
    tell: Callable[[int, float], None] = lambda *_: None,
    began: Callable[[int, float, float], None] = lambda *_: None,
) -> Day:
    """Cut the time of a case into periods of like demand and search timings for each.

    Args:
        case: With an end.
        wish: What is asked for; asked anew at the begin of each period, as a time for searching begins then.
        executor: Where simulations run.
        periods: How many; fewer where the time has fewer pairs of slices.
        slice_s: Demand is counted in slices of so much.
        tell: Hears of each better one, as in `optimise`.
        began: Hears of each period that is begun: its number, begin and end.

    Raises:
        BadInput: The case has no end or no demand, or a period begins after midnight; or as in `optimise`.
        EngineFailed: SUMO stopped.
    """
    if case.end_s is None:
        raise BadInput("the case has no end, so plans cannot be compared", file=case.file, remedy="set --end")
    first = wish()
    cut, series_vph = _cut(case, first, executor, periods, slice_s)
    edges_s = [case.begin_s + begin * slice_s for begin in cut.begins] + [case.end_s]
    bounds, clock = [*cut.begins, len(series_vph)], day_plan_of(edges_s[:-1])
    found = list[Period]()
    for n, (begin, end) in enumerate(pairwise(edges_s)):
        began(n + 1, begin, end)
        own = case.between(max(case.begin_s, begin - LEAD_S), end)
        answer = optimise(own, first if n == 0 else wish(), executor, tell=tell)
        found.append(Period(begin, end, float(series_vph[bounds[n] : bounds[n + 1]].mean()), answer))
    programmes = with_switching_points([one.answer.plans for one in found])
    failing = (*(verdict for one in found for verdict in one.answer.failing), *_between(case, programmes, first.law))
    busiest = max(found, key=lambda one: one.flow_vph).answer.plans
    judged = _judged(case, first, executor, programmes, edges_s[:-1], busiest)
    series = tuple(float(one) for one in series_vph)
    periods_found, told = tuple(found), tuple(programmes)
    return Day(periods_found, told, cut.explained, series, slice_s, *judged, failing, clock)


def _cut(case: SumoCase, wish: Wish, executor: Executor, periods: int, slice_s: float) -> tuple[Cut, Any]:
    """The cut, and vehicles per hour over all approaches by slice."""
    trials = Trials(case, executor, wish.home, cut_days(case, wish.days))
    try:
        series = demand_slices(trials, wish.only or tuple(plans_today(case)), slice_s=slice_s)
    finally:
        trials.close()
    if not series.any():
        raise BadInput("nobody comes to its signals: there is no demand", file=case.file, place="<route-files>")
    shortest = SHORTEST_SLICES if len(series) >= SHORTEST_SLICES * periods else 1
    return cut_series(series, periods, shortest=shortest), series.sum(axis=1)


def _between(case: SumoCase, programmes: list[dict[str, SignalPlan]], law: str) -> list[Verdict]:
    """What fails the rules of a change from one programme to the next."""
    layouts, table = read_layouts(case.net), read_rules(law)
    found = list[Verdict]()
    for number, (before, after) in enumerate(pairwise(programmes), 1):
        for tls in sorted(set(before) & set(after)):
            layout = equipped_for(layouts[tls], after[tls])
            controller = rule_controller(layout, table)
            told = check_transition(before[tls], after[tls], controller, table, layout=layout)
            name = f"{tls}/{programme(number)}>{programme(number + 1)}"
            found += [replace(one, tls_id=name) for one in told if one.passed is False]
    return found


def _judged(
    case: SumoCase,
    wish: Wish,
    executor: Executor,
    programmes: list[dict[str, SignalPlan]],
    begins_s: list[float],
    busiest: Mapping[str, SignalPlan],
) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...], tuple[Outcome, ...]]:
    """Outcomes of the whole time on the judged seeds: as it is, with the programmes, with one plan all the time."""
    trials = Trials(case, executor, wish.home, cut_days(case, wish.days))
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        file = Path(scratch) / "day.add.xml"
        write_programmes(programmes, begins_s, file)
        try:
            jobs = [trials.job({}, seed) for seed in wish.judged]
            files = [*filter(None, [jobs[0].options.get("additional-files")]), str(file)]
            switched = [replace(one, options={**one.options, "additional-files": ",".join(files)}) for one in jobs]
            alone = [trials.job(busiest, seed) for seed in wish.judged]
            outcomes = executor.map(run_job, [*jobs, *switched, *alone])
        finally:
            trials.close()
    count = len(jobs)
    return tuple(outcomes[:count]), tuple(outcomes[count : 2 * count]), tuple(outcomes[2 * count :])
