"""The settled hour of a closure by static assignment: what `twin assign --scheme` writes, and its table of benefits."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.errors import BadInput
from networks.landing import landing_file, landing_folder
from networks.sentence import Sentence, say
from twin.whatif.what_if import SCENARIO

if TYPE_CHECKING:
    from networks import City
    from scenarios import Scenario
    from scenarios.planning import Assigned, Compared
    from twin.whatif.spent import Spent

PLANNED, BENEFITS = "assigned", "user_benefits.csv"
GAP, ROUNDS = 1e-4, 500
"""As `twin assign` has them, so that its files are the same."""


@dataclass(frozen=True)
class Settled:
    """The assignment with and without the closures.

    Attributes:
        before: Do-minimum.
        compared: Do-something beside it.
        told: Where trips come from, what is guessed, what did not go right.
    """

    before: Assigned
    compared: Compared
    told: tuple[Sentence, ...]

    @property
    def totals(self) -> list[dict[str, Any]]:
        """Totals of the hour, before and after."""
        after = self.compared.after.totals
        return [{"key": key, "before": value, "after": after[key]} for key, value in self.before.totals.items()]


def planned(folder: Path, city: City, scenario: Scenario, clock: Spent) -> Settled | None:
    """Assign the scenario's hour with and without its closures, and write both; None where it closes no road.

    Raises:
        StorageFailed: The disk is full.
    """
    from scenarios import RoadClosure
    from scenarios.planning import (
        assign_city,
        do_something,
        hourly_trips,
        read_scheme_or_scenario,
        scaled,
        write_assigned,
        write_comparison,
    )

    if not scenario.of(RoadClosure):
        return None
    clock.tell("assigning", 0, 0)
    scheme = read_scheme_or_scenario(folder / SCENARIO)
    try:
        trips = scaled(hourly_trips(city, hour=scheme.hour), scheme.scale)
        if trips.veh_h <= 0:
            raise BadInput("nobody drives in this hour: the city has no trips, no homes and no work on its map")
        before = assign_city(city, trips, gap=GAP, rounds=ROUNDS)
        compared = do_something(city, before, scheme, gap=GAP, rounds=ROUNDS)
    except BadInput as error:
        with landing_file(folder / "not_assigned.txt") as beside:
            beside.write_text(str(error), encoding="utf-8")
        return None
    with landing_folder(folder / PLANNED) as place:
        write_assigned(place / "do-minimum", city, before, {}, None)
        write_assigned(place / "do-something", city, compared.after, {}, None)
        write_comparison(place, city, before, compared)
        (place / BENEFITS).write_text(table_text(benefit_table(compared)), encoding="utf-8", newline="")
    told = {one["en"]: one for one in (*before.told, *compared.after.told, *scheme.told)}
    return Settled(before, compared, tuple(told.values()))


def benefit_table(compared: Compared) -> list[dict[str, Any]]:
    """Users' economic efficiency in the rows of a TAG table, of the assigned hour; above 0 is a gain.

    TAG's table has more than an assignment of cars can fill: those rows are there, and say that they are empty. No
    figure is annualised or discounted.

    Source: UK Department for Transport, TAG Unit A1.3, and worksheet "Transport Economic Efficiency (TEE)".
    """
    gains = {gain.user_class: gain for gain in compared.gains}
    tolled = any(change.toll for change in compared.scheme.changes)

    def row(key: str, words: Sentence, money: dict[str, float | None], note: Sentence) -> dict[str, Any]:
        known = [value for value in money.values() if value is not None]
        return {"key": key, "words": words, "by_class": money, "total": sum(known) if known else None, "note": note}

    empty: dict[str, float | None] = dict.fromkeys(gains)
    zero: dict[str, float | None] = dict.fromkeys(gains, 0.0)
    worth: dict[str, float | None] = {name: gain.money for name, gain in gains.items()}
    lost = sum(gain.lost_trips for gain in compared.gains)
    return [
        row("travel_time", say("Travel time", "出行时间"), worth, say(
            f"rule of a half; {lost:.0f} trips that lose their only way have no finite cost and are not in it",
            f"半值法则；失去唯一通路的{lost:.0f}次出行没有有限成本，未计入")),
        row("operating_costs", say("Vehicle operating costs", "车辆运行费用"), empty, say(
            "not assessed: the assignment has no cost of fuel", "未评估：分配模型没有燃料费用")),
        row("user_charges", say("User charges", "使用者收费"), empty if tolled else zero, say(
            "counted with travel time" if tolled else "the scheme has no toll",
            "已计入出行时间" if tolled else "方案不含收费")),
        row("construction", say("During construction and maintenance", "施工与养护期间"), empty, say(
            "not assessed apart: the closure itself is what is assessed", "未单独评估：所评估的就是封闭本身")),
        row("net", say("Net user benefit of the hour", "该小时使用者净效益"), worth, say(
            f"value of time, {compared.value.currency} per vehicle-hour; source: {compared.value.said['en']}",
            f"时间价值，{compared.value.currency}每车小时；来源：{compared.value.said['zh']}")),
    ]  # fmt: skip


def table_text(rows: list[dict[str, Any]]) -> str:
    """The table as CSV: row, money by class, total, note; an empty cell was not assessed."""
    classes = list(rows[0]["by_class"])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["row", *classes, "total", "note"])
    for row in rows:
        money = [row["by_class"][name] for name in classes] + [row["total"]]
        shown = ["" if value is None else f"{value:.4f}" for value in money]
        writer.writerow([row["words"]["en"], *shown, row["note"]["en"]])
    return out.getvalue()


def settled_json(settled: Settled) -> dict[str, Any]:
    """What the page shows of it."""
    compared = settled.compared
    return {
        "totals": settled.totals,
        "benefits": benefit_table(compared),
        "gains": [asdict(gain) for gain in compared.gains],
        "currency": compared.value.currency,
        "gap": [settled.before.found.gap, compared.after.found.gap],
        "told": list(settled.told),
    }
