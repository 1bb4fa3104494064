"""`twin flood ponding`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.flood_options import refuse_other, storm_options
from twin.commands.flood_storm import Stormed, run_asked, shown_rows
from twin.origin import keep_origin

if TYPE_CHECKING:
    from networks import Pond


@click.command("ponding")
@click.argument("city", type=click.Path(path_type=Path))
@storm_options
def ponding(city: Path, **given: Any) -> None:
    """List the ponding points of CITY, from its terrain and from reports, with chances and times under a storm.

    OUT gets ponding.html (map and table; English and Chinese), places.csv, places.geojson, storage.csv (depth and
    volume of each hollow) and flood_run.json. On a terrain for screening alone depths and times are left out.

    \b
    twin flood ponding cities/my-town --reports calls.csv --chicago-mm 45 --source "10 years" --out out/ponding
    """  # noqa: D301
    from networks import City, find_ponds, read_reports
    from scenarios.flooding.keeping import save_run

    refuse_other(given["out"])
    opened = City.open(city)
    reports = read_reports(given["reports"], opened.crs) if given["reports"] else ()
    ponds = find_ponds(opened.terrain(), reports, most=given["ponds"])
    stormed = run_asked(city, given, ponds)
    watches = [one for one in stormed.watches if one.kind == "pond"]
    page = _page(stormed, ponds)
    out = given["out"]
    save_run(out, stormed.city, stormed.answer, watches, stormed.about, trusted=stormed.trusted)
    (out / "ponding.html").write_text(page, encoding="utf-8")
    keep_origin(out)
    if stormed.trusted:
        (out / "storage.csv").write_text(_storage(ponds), encoding="utf-8")
    if stormed.warning:
        click.echo(stormed.warning["en"])
    click.echo(f"{len(ponds)} ponding points, {sum(one.reports for one in ponds)} reports")
    for watch in [one for one in watches if one.close.chance >= 0.05][:12]:
        click.echo(watch.sentence["en"])
    click.echo(f"wrote {out / 'ponding.html'}")


def _page(stormed: Stormed, ponds: list[Pond]) -> str:
    import numpy as np

    from viz.flood.flood_page import FloodShown, flood_page
    from viz.text import both

    by_id = {pond.pond_id: pond for pond in ponds}
    rows = list[dict[str, Any]]()
    for row in shown_rows(stormed):
        pond = by_id.get(row["place"])
        if pond is None:
            continue
        hollow = f"{pond.storage.volume_m3[-1]:.0f}" if pond.storage and stormed.trusted else "–"
        area = f"{pond.catchment_m2 / 1e4:.2f}" if pond.storage else "–"
        rows.append({**row, "origin": pond.origin, "hollow": hollow, "catchment": area, "number": len(rows) + 1})
    shown = FloodShown(
        stormed.answer.chance, stormed.answer.deepest_m if stormed.trusted else None,
        np.zeros(stormed.places.roads.lines, bool), rows, {}, stormed.notes, stormed.warning, ponding=True,
    )  # fmt: skip
    told = {"rain": f"{stormed.about['rain_mm']:.1f}", "minutes": f"{stormed.about['duration_s'] / 60:.0f}"}
    lead = both("flood.lead", members=stormed.about["members"], **told)
    return flood_page(stormed.city, stormed.terrain, shown, lead=lead)


def _storage(ponds: list[Pond]) -> str:
    lines = ["place,depth_m,volume_m3"]
    for pond in ponds:
        if pond.storage is not None:
            pairs = zip(pond.storage.depth_m.tolist(), pond.storage.volume_m3.tolist(), strict=True)
            lines += [f"{pond.pond_id},{depth:.3f},{volume:.1f}" for depth, volume in pairs]
    return "\n".join(lines) + "\n"
