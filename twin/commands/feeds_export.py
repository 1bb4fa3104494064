"""`twin feeds export`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.moment_option import Moment

if TYPE_CHECKING:
    import pyarrow as pa

    from twin.feeds import FeedSet

TABLES = ("observations", "arrivals", "situations", "places", "frames")
_PLAIN = {"observations": ("details",)}
"""Columns that only --lineage writes: programs that read counts know the others."""


@click.command("export", short_help="Write rows of the store as CSV or Parquet, each key once.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--table", type=click.Choice(TABLES), default="observations", show_default=True, help="Which rows.")
@click.option("--feed", "only", multiple=True, help="Only what this feed told; may be repeated.")
@click.option("--sensor", "sensors", multiple=True, help="Only this sensor's observations; may be repeated.")
@click.option("--measure", "measures", multiple=True, help="Only observations of this measure; may be repeated.")
@click.option("--from", "begin", type=Moment(), help="Event time from then on.")
@click.option("--to", "end", type=Moment(), help="Event time before then.")
@click.option("--lineage", is_flag=True, help="Also details, and the feed, message and line that told each row.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A name that ends in .csv or .parquet.")
def export_command(
    file: Path, table: str, only: tuple[str, ...], sensors: tuple[str, ...], measures: tuple[str, ...],
    begin: datetime | None, end: datetime | None, lineage: bool, out: Path,
) -> None:  # fmt: skip
    """Write rows of the store to a file, each key once: the version told last, by event time.

    What is written of observations is what `twin calibrate`, `twin now` and `twin sensors` read as --counts. Positions
    are left to `twin privacy export`: they may lead back to persons.

    \b
    twin feeds export feeds.yaml --measure vehicle_count --from 2026-07-17T00:00:00+03:00 --out counts.parquet
    """  # noqa: D301
    from networks.errors import BadInput
    from twin.feeds import read_feeds
    from twin.store import FeedStore

    if out.suffix not in (".csv", ".parquet"):
        raise BadInput("it cannot be told what to write", file=out, expected="a name that ends in .csv or .parquet")
    keys = {name: values for name, values in (("sensor_id", sensors), ("measure", measures)) if values}
    if keys and table != "observations":
        raise click.UsageError("--sensor and --measure are of observations.")
    feeds = read_feeds(file)
    chosen = [feeds.feed(name).id for name in only]
    with FeedStore(feeds.folder, feeds.database) as store:
        away = [] if lineage else [*_PLAIN.get(table, ()), "feed", "number", "line"]
        told: set[str] = set()
        count = 0
        with _Writer(out) as writer:
            for piece in store.batches(table, begin, end, feeds=chosen, keys=keys or None):
                told.update(piece["feed"].unique().to_pylist())
                count += len(piece)
                writer.write(piece.drop_columns([name for name in away if name in piece.column_names]))
            if not count:
                raise BadInput(
                    "the store has no such rows", file=feeds.folder, place=table,
                    remedy="twin feeds list says what is kept; give another time, feed or table",
                )  # fmt: skip
    click.echo(f"wrote {count} rows of {table} to {out}")
    for line in _terms(feeds, told):
        click.echo(line)


class _Writer:
    """A table written piece by piece beside its place, and renamed into it when it is whole."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._open = ExitStack()

    def __enter__(self) -> _Writer:
        from networks import landing_file

        self._beside = self._open.enter_context(landing_file(self.out))
        self._file: object = None
        return self

    def write(self, piece: pa.Table) -> None:
        """Append rows."""
        from pyarrow import csv, parquet

        if self._file is None:
            kind = csv.CSVWriter if self.out.suffix == ".csv" else parquet.ParquetWriter
            self._file = self._open.enter_context(kind(self._beside, piece.schema))
        self._file.write_table(piece)  # type: ignore[attr-defined]

    def __exit__(self, *what: object) -> None:
        self._open.__exit__(*what)  # type: ignore[arg-type]


def _terms(feeds: FeedSet, told: set[str]) -> Iterator[str]:
    for feed in feeds.feeds:
        if feed.id in told:
            yield f"  {feed.id}: {feed.text.owner or 'owner not told'}, {feed.text.licence or 'licence not told'}"
