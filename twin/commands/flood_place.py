"""`twin flood place`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_option import desk_option, propose
from twin.commands.flood_options import refuse_other, storm_options
from twin.commands.flood_place_file import placement_json
from twin.commands.flood_place_stock import stocked
from twin.commands.flood_storm import Stormed, run_asked, shown_rows
from twin.commands.named_place import named_place
from twin.origin import keep_origin

if TYPE_CHECKING:
    from networks.sentence import Sentence
    from scenarios.flooding.placing.answer import Placement, PlacingAnswer, Wish
    from scenarios.flooding.placing.lost_time import LostTime
    from scenarios.flooding.placing.pumps import Ways

LEAST_M3S = 1e-4
ENOUGH = 5
"""Members below which no interval is called sure."""


@click.command("place")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--pumps", type=click.IntRange(0, 50), default=2, show_default=True, help="Mobile pumps at most.")
@click.option("--pump-m3s", type=click.FloatRange(LEAST_M3S), default=0.1, show_default=True, help="Each lifts, m3/s.")
@click.option(
    "--pump-like",
    type=click.Path(path_type=Path, exists=True),
    help="Instead: like the first pump of a structures file, at --lift-m.",
)
@click.option("--lift-m", type=click.FloatRange(0), default=0.0, show_default=True, help="Head that it lifts against.")
@click.option("--crews", type=click.IntRange(0, 50), default=0, show_default=True, help="Each closes an underpass.")
@click.option("--depot", multiple=True, metavar="NAME=LON,LAT", help="Pumps wait here.  [default: fire stations]")
@click.option("--resources", type=click.Path(path_type=Path, exists=True), help="resources.yaml: its depots' pumps.")
@click.option(
    "--committed", multiple=True, type=click.Path(path_type=Path, exists=True), help="Incidents that have pumps."
)
@click.option("--setup-min", type=click.FloatRange(0), default=20.0, show_default=True, help="From arrival to lifting.")
@click.option("--person-h", type=click.FloatRange(0), default=1.0, show_default=True, help="Vehicle-hours per person.")
@click.option("--confirm", type=click.IntRange(1, 20), default=3, show_default=True, help="Placements run in full.")
@storm_options
@desk_option
def place(city: Path, desk: str | None, **given: Any) -> None:
    """Find where mobile pumps and crews help most in a storm over CITY.

    Underpasses and ponding points that may close are searched by the balances of their storage; the best placements
    are run in full with the same members. OUT gets place.html (English and Chinese), placement.json, and what
    `twin flood run` writes of the storm without pumps.

    \b
    twin flood place cities/my-town --chicago-mm 45 --source "10 years" --pumps 2 --crews 1 --out out/place
    twin flood place cities/my-town --rain out/nowcast --pump-like structures.yaml --lift-m 4 --depot "Yard=24.94,60.17" --out out/place
    """  # noqa: D301, E501
    from functools import partial

    from scenarios.flooding.keeping import save_run
    from scenarios.flooding.placing.advice import placement_advice
    from scenarios.flooding.placing.lost_time import LostTime
    from scenarios.flooding.placing.pumps import Ways, depots_of
    from scenarios.planning import hourly_trips

    refuse_other(given["out"])
    if given["committed"] and not given["resources"]:
        raise click.UsageError("--committed needs --resources: whose pumps are they?")
    wish, depots = _wish(given), [named_place(text, "--depot")[:3] for text in given["depot"]]
    stormed = run_asked(city, given)
    lost = LostTime(stormed.city, hourly_trips(stormed.city))
    if given["resources"]:
        have, wish = stocked(stormed.city, lost, given, wish)
        ways = Ways(lost.router, (*have, *(depots_of(stormed.city, lost.router, depots) if depots else ())))
    else:
        ways = Ways(lost.router, depots_of(stormed.city, lost.router, depots))
    found = _found(stormed, wish, lost, ways)
    stormed = _with_pumps(stormed, found, wish)
    page, told = _page(stormed, found, wish, lost), _verdict(stormed, found, wish)
    out = given["out"]
    save_run(out, stormed.city, stormed.answer, stormed.watches, stormed.about, trusted=stormed.trusted)
    (out / "placement.json").write_text(placement_json(stormed, found), encoding="utf-8")
    (out / "place.html").write_text(page, encoding="utf-8")
    keep_origin(out)
    if stormed.warning:
        click.echo(stormed.warning["en"])
    click.echo(f"{len(found.candidates)} places, {found.screened} placements screened")
    for one in found.placements:
        stands = f"pumps {_pumps(stormed, one)['en']}; crews {_crews(stormed, one)['en']}"
        saves = f"{_told(one.saves_vehicle_h)} vehicle-hours, {_told(one.saves_people)} people exposed"
        click.echo(f"{stands}: saves {saves}; the screen said {one.screened:.1f} in all by the pumps")
    click.echo(told["en"])
    if desk:
        rests = [told, *([stormed.warning] if stormed.warning else [])]
        propose(desk, placement_advice(found, wish, partial(_placed, stormed), evidence=[str(out)], rests_on=rests))
    click.echo(f"wrote {out / 'place.html'}")


def _wish(given: dict[str, Any]) -> Wish:
    from scenarios.flooding.placing.answer import Wish
    from scenarios.flooding.placing.pumps import flow_like, mobile_pump

    flow, source = given["pump_m3s"], "--pump-m3s"
    if given["pump_like"]:
        flow, source = flow_like(given["pump_like"], given["lift_m"])
    pump = mobile_pump(flow, source)
    return Wish(given["pumps"], given["crews"], pump, given["setup_min"] * 60, given["person_h"], given["confirm"])


def _found(stormed: Stormed, wish: Wish, lost: LostTime, ways: Ways) -> PlacingAnswer:
    from scenarios.flooding.placing.answer import place_pumps, stakes_of

    detours = stormed.by.detours
    assert detours is not None
    flows = stormed.by.flows.veh_h if stormed.by.flows is not None else lost.flow_veh_h
    stakes = stakes_of(stormed.city, stormed.places, lost, detours, flows, stormed.about["duration_s"])
    return place_pumps(
        stormed.places, stakes, stormed.answer, wish, ways, stormed.again, trusted=stormed.trusted
    )  # fmt: skip


def _with_pumps(stormed: Stormed, found: PlacingAnswer, wish: Wish) -> Stormed:
    """The duty officer's list with the pumps of the best placement in it."""
    from collections import Counter
    from dataclasses import replace

    from networks import say
    from networks.sentence import joined
    from scenarios.flooding.duty import duty_list

    best = found.placements[0]
    pumps: dict[str, Sentence] = {}
    after = {one.place: one for one in duty_list(best.answer, stormed.places, trusted=stormed.trusted)}
    for place in best.counts:
        by_depot = {one.depot: one for one in best.drives[place]}
        number = Counter(one.depot for one in best.drives[place])
        told = joined(by_depot[name].told(number[name], wish.pump.curve[0][1]) for name in sorted(by_depot))
        share = 100 * after[place].close.chance
        pumps[place] = say(f"{told['en']}: then {share:.0f} %", f"{told['zh']}：届时概率为{share:.0f}%")
    by = replace(stormed.by, pumps=pumps)
    begin = stormed.rain.begin
    watches = duty_list(stormed.answer, stormed.places, trusted=stormed.trusted, begin=begin, by=by)
    return replace(stormed, by=by, watches=watches)


def _names(stormed: Stormed) -> dict[str, Sentence]:
    return {one.place: one.name for one in stormed.watches}


def _pumps(stormed: Stormed, one: Placement) -> Sentence:
    from networks import say
    from viz.text import words

    if not one.counts:
        return words("flood.placing_no_pump")
    names = _names(stormed)
    parts = [(count, names[place]) for place, count in sorted(one.counts.items())]
    english = "; ".join(
        f"{count} {name['en'] if name['en'].startswith('near ') else 'to ' + name['en']}" for count, name in parts
    )
    return say(english, "；".join(f"{name['zh']} {count}台" for count, name in parts))


def _crews(stormed: Stormed, one: Placement) -> Sentence:
    from networks import say
    from viz.text import words

    if not one.manned:
        return words("flood.placing_no_pump")
    names = [_names(stormed)[place] for place in one.manned]
    return say("; ".join(name["en"] for name in names), "；".join(name["zh"] for name in names))


def _placed(stormed: Stormed, one: Placement) -> Sentence:
    from networks import say

    pumps, crews = _pumps(stormed, one), _crews(stormed, one)
    return say(f"pumps {pumps['en']}; crews {crews['en']}", f"水泵：{pumps['zh']}；人员：{crews['zh']}")


def _told(saves: tuple[float, float, float]) -> str:
    mean, low, high = saves
    return f"{mean:.1f}" if low != low else f"{mean:.1f} ({low:.1f} … {high:.1f})"


def _verdict(stormed: Stormed, found: PlacingAnswer, wish: Wish) -> Sentence:
    from networks import say

    best = found.placements[0]
    sent = sum(best.counts.values())
    if not found.candidates:
        return say(
            "No place that may close is known well enough to send pumps to.", "没有资料足够且可能封闭的地点可布置水泵。"
        )
    if not sent:
        return say("No placement of pumps saves anything here.", "在此情形下，布置水泵没有效果。")
    spare = wish.pumps - sent
    more = say(f" {spare} more would save nothing.", f"其余{spare}台无助益。") if spare else say("", "")
    english, chinese = (
        "not sure: the interval of the total holds zero, or the members are too few",
        "不确定：合计区间含零或成员过少",
    )
    if best.saves[1] > 0 and len(stormed.answer.members) >= ENOUGH:
        english, chinese = "the interval of the total lies above zero", "合计区间大于零"
    pumps = _pumps(stormed, best)
    return say(
        f"Send {pumps['en']}: saves {_told(best.saves_vehicle_h)} vehicle-hours and keeps {_told(best.saves_people)} "
        f"people from water; {english}.{more['en']}",
        f"建议：{pumps['zh']}；减少{_told(best.saves_vehicle_h)}车·小时、{_told(best.saves_people)}人受影响；{chinese}。{more['zh']}",
    )


def _page(stormed: Stormed, found: PlacingAnswer, wish: Wish, lost: LostTime) -> str:
    from dataclasses import replace

    from twin.commands.flood_run import shown_run
    from viz.flood.flood_page import flood_page
    from viz.flood.placing_page import PlacingRow, placing_part
    from viz.text import words

    rows = [
        PlacingRow(_pumps(stormed, one), _crews(stormed, one), _told(one.saves_vehicle_h), _told(one.saves_people),
                   _told(one.saves))
        for one in found.placements
    ]  # fmt: skip
    notes = [
        words("flood.placing_rests_hours", veh_h=f"{lost.veh_h:.0f}"),
        words("flood.placing_rests_people"),
        words(
            "flood.placing_rests_pumps", litres=f"{1000 * wish.pump.curve[0][1]:.0f}", screened=found.screened,
            setup=f"{wish.setup_s / 60:.0f}",
        ),
    ]  # fmt: skip
    shown, lead = shown_run(stormed, shown_rows(stormed))
    before = [placing_part(_verdict(stormed, found, wish), rows, notes, stormed.warning)]
    return flood_page(stormed.city, stormed.terrain, replace(shown, warning=None), lead=lead, before=before)
