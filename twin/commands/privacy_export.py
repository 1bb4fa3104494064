"""`twin privacy export`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from networks.sentence import say


@click.command("export", short_help="Positions as counts in cells of enough movers.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="File to write: .csv or .parquet.")
@click.option("--k", type=int, default=5, show_default=True, help="Movers that a cell needs.")
@click.option("--cell", "cell_m", type=float, default=250.0, show_default=True, help="Side of a cell (m).")
@click.option("--period", "minutes", type=int, default=15, show_default=True, help="Length of a period (minutes).")
@click.option("--feed", "feed_ids", multiple=True, help="Only of these feeds; repeatable.")
@click.option("--from", "begin", help="First time (ISO 8601, UTC).")
@click.option("--to", "end", help="Time to stop before.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def export_command(
    file: Path, out: Path, k: int, cell_m: float, minutes: int, feed_ids: tuple[str, ...], begin: str | None,
    end: str | None, lang: str,
) -> None:  # fmt: skip
    """Write how many movers were in each cell and period, and how fast: cells with fewer than k are left out."""
    from twin.feeds import read_feeds
    from twin.store import FeedStore, cells_of

    if out.suffix not in (".csv", ".parquet"):
        raise click.BadParameter("is a .csv or a .parquet file", param_hint="--out")
    feeds = read_feeds(file)
    for name in feed_ids:
        feeds.feed(name)
    with FeedStore(feeds.folder, feeds.database) as store:
        batches = store.batches("positions", _moment(begin, "--from"), _moment(end, "--to"), feeds=feed_ids)
        cells = cells_of(batches, k=k, cell_m=cell_m, period_s=minutes * 60)
    beside = out.with_name(out.name + ".writing")
    if out.suffix == ".csv":
        from pyarrow import csv

        csv.write_csv(cells.table, beside)
    else:
        from pyarrow import parquet

        parquet.write_table(cells.table, beside)
    beside.replace(out)
    told = say(
        f"{cells.table.num_rows} cells with {k} movers or more -> {out}\n"
        f"left out: {cells.left_out} cells with fewer, {cells.left_out_positions} positions in them",
        f"{cells.table.num_rows} 个单元（移动体不少于 {k} 个）-> {out}\n"
        f"未输出：不足 {k} 个的单元 {cells.left_out} 个，含位置 {cells.left_out_positions} 条",
    )
    click.echo(told[lang])


def _moment(told: str | None, option: str) -> datetime | None:
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told.replace("Z", "+00:00"))
    except ValueError as error:
        raise click.BadParameter(f"{told!r} is no time", param_hint=option) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
