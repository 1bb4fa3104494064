"""`twin demo`: a summer evening in central Helsinki, from the map to recommendations and a report."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from networks import City, build_city, demo_extract
from scenarios import Bench, Proposal, RayExecutor, Scenario, Store, Study, judge, library_scenario
from scenarios.proposal import propose_dispatch, propose_guidance, propose_signals
from twin.desk import Desk
from twin.outbox import Outbox
from twin.steps import Steps
from twin.story import story_of
from twin.summary import print_summary
from viz import write_report

SCENARIO = "cloudburst_evening"
TITLES = {
    "city": "build central Helsinki from OpenStreetMap",
    "storm": "the cloudburst, once for all runs",
    "learn": "the evening as it is, on the searches' own seeds",
    "signals": "search: signal timings around the concert",
    "emergency": "search: ambulances and their routes",
    "visitors": "search: visitor guidance",
    "judge": "judge all on fresh seeds",
    "report": "write the report",
}
QUICK_MINUTES = 25


@dataclass(frozen=True)
class Place:
    """Where the demo puts what it makes."""

    out: Path

    @property
    def city(self) -> Path:
        """The City folder."""
        return self.out / "helsinki"

    @property
    def runs(self) -> Path:
        """The run store."""
        return self.out / "runs"

    @property
    def report(self) -> Path:
        """The report."""
        return self.out / "report.html"


def run_demo(out: Path, *, seeds: int = 8, keep: bool = True, quick: bool = False) -> Study:
    """Build the city, play the evening, search, judge, and write the report to `out`.

    Args:
        out: Folder for the city, the runs, the desk and the report.
        seeds: Members of each ensemble.
        keep: Use what an earlier demo left in `out`; otherwise runs are made anew.
        quick: A shorter evening and one seed for the searches, to see that everything works.
    """
    console, place = Console(), Place(out)
    if not keep and place.runs.exists():
        shutil.rmtree(place.runs)
    scenario = library_scenario(SCENARIO)
    if quick:
        end = scenario.period.begin + timedelta(minutes=QUICK_MINUTES)
        scenario = scenario.replacing(period=scenario.period.model_copy(update={"end": end}))
    with Steps(TITLES, console) as steps, RayExecutor() as executor:
        city = _city(place, steps)
        study = _study(city, scenario, Store(place.runs), executor, steps, seeds, quick)
        with steps.step("report"):
            _hand_over(study, place)
            story = story_of(city, scenario, study, Store(place.runs), steps.timings, TITLES)
            write_report(place.report, story)
    print_summary(console, study, steps.timings, TITLES, place.report)
    return study


def _city(place: Place, steps: Steps) -> City:
    with steps.step("city"):
        if (place.city / "city.json").exists():
            return City.open(place.city, verify=True)
        return build_city(demo_extract(), place.city, name="Helsinki")


def _study(
    city: City, scenario: Scenario, store: Store, executor: RayExecutor, steps: Steps, seeds: int, quick: bool
) -> Study:
    from scenarios.flood_run import flood_of

    bench = Bench(city, scenario, store, executor, steps.tell)
    if quick:
        bench = Bench(city, scenario, store, executor, steps.tell, bench.seeds[:1])
    with steps.step("storm"):
        flood_of(city, scenario, store)
    with steps.step("learn"):
        assert bench.as_it_is
    searches = {"signals": propose_signals, "emergency": propose_dispatch, "visitors": propose_guidance}
    proposals: list[Proposal] = []
    for key, search in searches.items():
        with steps.step(key):
            found = search(bench)
            proposals += [found] if found else []
    with steps.step("judge"):
        members = range(scenario.seeds.first, scenario.seeds.first + seeds)
        return judge(
            city, scenario, proposals, members, store, executor, created=datetime.now(UTC), progress=steps.tell
        )


def _hand_over(study: Study, place: Place) -> None:
    """Put the recommendations on the desk and into the outbox."""
    desk, outbox = Desk.open(place.out / "desk.sqlite"), Outbox(place.out / "outbox")
    for recommendation in study.recommendations:
        desk.propose(recommendation.to_json())
        outbox.publish(recommendation.to_json())
