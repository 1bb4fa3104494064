"""`twin demo`: a summer evening in central Helsinki, from the map to recommendations and a report."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from networks import BadCity, City, build_city, demo_extract
from scenarios import Bench, Proposal, RayExecutor, Scenario, Store, Study, judge, library_scenarios, read_scenario
from scenarios.searches.proposal import propose_dispatch, propose_guidance, propose_signals
from twin.desk import Desk
from twin.out.proposals import Proposals
from twin.steps import Steps
from twin.story import story_of
from twin.summary import print_summary
from viz import write_report

SCENARIO = "cloudburst_evening"
TITLES = {
    "city": {"en": "build central Helsinki from OpenStreetMap", "zh": "由OpenStreetMap建立赫尔辛基市中心"},
    "storm": {"en": "the cloudburst, once for all runs", "zh": "暴雨积水，所有运行共用一次"},
    "learn": {"en": "the evening as it is, on the searches' own seeds", "zh": "现状运行（搜索专用随机种子）"},
    "signals": {"en": "search: signal timings around the concert", "zh": "搜索：音乐会周边信号配时"},
    "emergency": {"en": "search: ambulances and their routes", "zh": "搜索：救护车与路线"},
    "visitors": {"en": "search: visitor guidance", "zh": "搜索：观众引导"},
    "judge": {"en": "judge all on fresh seeds", "zh": "以新种子评判所有方案"},
    "report": {"en": "write the report", "zh": "生成报告"},
}
ENGLISH = {key: words["en"] for key, words in TITLES.items()}
QUICK_SHARE = 0.15
QUICK_CROWD = 0.5
QUICK_SIMULATIONS = 8


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


def run_demo(out: Path, *, seeds: int = 8, keep: bool = True, quick: bool = False, webhook: str | None = None) -> Study:
    """Build the city, play the evening, search, judge, and write the report to `out`.

    Args:
        out: Folder for the city, the runs, the desk and the report.
        seeds: Members of each ensemble.
        keep: Use what an earlier demo left in `out`; otherwise runs are made anew.
        quick: An evening with few cars and visitors and one seed for the searches, to see that everything works.
        webhook: Where every recommendation is posted, if anywhere.
    """
    console, place = Console(), Place(out)
    if not keep and place.runs.exists():
        shutil.rmtree(place.runs)
    scenario = read_scenario(library_scenarios()[SCENARIO])
    if quick:
        scenario = _thinned(scenario)
    with Steps(ENGLISH, console) as steps, RayExecutor() as executor:
        city = _city(place, steps)
        study = _study(city, scenario, Store(place.runs), executor, steps, seeds, quick)
        with steps.step("report"):
            _hand_over(study, place, webhook)
            story = story_of(city, scenario, study, Store(place.runs), steps.timings, TITLES)
            write_report(place.report, story)
    print_summary(console, study, steps.timings, ENGLISH, place.report)
    return study


def _thinned(scenario: Scenario) -> Scenario:
    """The same evening with QUICK_SHARE of its cars, and QUICK_CROWD of its visitors: fewer make no crowd to guide."""
    items = [item.model_dump(mode="json") for item in scenario.interventions]
    for item in items:
        if item["kind"] == "event":
            item["people"] = round(item["people"] * QUICK_CROWD)
    demand = scenario.demand.model_copy(update={"scale": scenario.demand.scale * QUICK_SHARE})
    return scenario.replacing(demand=demand, interventions=items)


def _city(place: Place, steps: Steps) -> City:
    with steps.step("city"):
        with suppress(BadCity):  # none there, or of an older format: it is built
            return City.open(place.city, verify=True)
        return build_city(demo_extract(), place.city, name="Helsinki")


def _study(
    city: City, scenario: Scenario, store: Store, executor: RayExecutor, steps: Steps, seeds: int, quick: bool
) -> Study:
    from scenarios.members.flood_run import flood_of

    bench = Bench(city, scenario, store, executor, steps.tell)
    if quick:
        bench = Bench(city, scenario, store, executor, steps.tell, bench.seeds[:1], QUICK_SIMULATIONS)
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
            city,
            scenario,
            proposals,
            members,
            store,
            executor,
            created=datetime.now(UTC).replace(microsecond=0),
            progress=steps.tell,
        )


def _hand_over(study: Study, place: Place, webhook: str | None) -> None:
    """Put the recommendations on the desk and into the outbox, but none twice while the first has not expired."""
    desk = Desk.open(place.out / "desk.sqlite")
    outbox = Proposals(desk.book, place.out / "outbox", webhook)
    outbox.work()
    there = [(entry.kind, entry.document["action"]) for entry in desk.entries() if entry.status != "expired"]
    for recommendation in study.recommendations:
        document = recommendation.to_json()
        if (document["kind"], document["action"]) not in there:
            desk.propose(document)
            outbox.publish(document)
