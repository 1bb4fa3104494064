"""`twin purge`."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from networks.sentence import say

if TYPE_CHECKING:
    from twin.feeds import FeedSet
    from twin.store import Certificate, FeedStore, Wish


@click.command("purge", short_help="Remove what a feed told, from rows, log and dead letters, and prove it.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--feed", "feed_id", help="The feed.")
@click.option("--before", help="Event times and times of receipt before this: 2026-11-01, or with time and zone (UTC).")
@click.option("--key", metavar="COLUMN=VALUE", help="Only rows of one mover, sensor_id, trip, ...")
@click.option("--why", default="", help="The reason; stands in the certificate.")
@click.option("--who", default=getpass.getuser, show_default="you", help="Who answers for it.")
@click.option("--keep", is_flag=True, help="Remove what is older than the keep_days of each feed that has them.")
@click.option("--verify", is_flag=True, help="Hold the chain of certificates against its hashes, and print it.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def purge_command(
    file: Path,
    feed_id: str | None,
    before: str | None,
    key: str | None,
    why: str,
    who: str,
    keep: bool,
    verify: bool,
    lang: str,
) -> None:
    """Remove rows, the content of the messages that told them, and dead letters; look again; write a certificate.

    \b
    twin purge feeds.yaml --feed taxis --before 2026-11-01 --key mover=9f86d081884c7d65 --why "asked for by letter 12"
    twin purge feeds.yaml --feed taxis --before 2025-11-01 --why "a year is over"
    twin purge feeds.yaml --keep
    twin purge feeds.yaml --verify

    A message that told one of the rows loses its whole content; its other rows stay. Recording must be stopped where
    such a message is in the file that grows. Backups are not touched: make a new one with `twin backup --keep 1`.
    """  # noqa: D301
    from twin.feeds import read_feeds
    from twin.store import FeedStore, Wish

    if sum((keep, verify, feed_id is not None)) != 1:
        raise click.UsageError("One of --feed ID, --keep and --verify is needed.")
    feeds = read_feeds(file)
    with FeedStore(feeds.folder, feeds.database) as store:
        if verify:
            _verify(store, lang)
            return
        if keep:
            _keep(feeds, store, who, lang)
            return
        if feed_id is None or before is None:
            raise click.UsageError("--before says until when.")
        wish = Wish(feed_id, _moment(before), who, why, _pair(key))
        _purged(feeds, store, wish, lang)


def _purged(feeds: FeedSet, store: FeedStore, wish: Wish, lang: str) -> None:
    from twin.feeds.log import folder_of
    from twin.store import purge

    feed = feeds.feed(wish.feed)
    for certificate in purge(store, folder_of(feeds.folder, feed.id), feed.format(), wish):
        click.echo(_line(certificate, lang))


def _keep(feeds: FeedSet, store: FeedStore, who: str, lang: str) -> None:
    from twin.store import Wish

    for feed in feeds.feeds:
        days = feed.text.keep_days
        if days is not None:
            before = datetime.now(UTC) - timedelta(days=days)
            _purged(feeds, store, Wish(feed.id, before, who, f"keep_days: {days:g}"), lang)


def _verify(store: FeedStore, lang: str) -> None:
    from twin.store import certificates

    found = certificates(store)
    for certificate in found:
        click.echo(_line(certificate, lang))
    whole = say(f"{len(found)} certificates, the chain is whole", f"{len(found)} 份证明，链条完整")
    click.echo(whole[lang])
    done = {one.document["of"] for one in found if one.document["what"] == "proved"}
    for one in found:
        if one.document["what"] == "removed" and one.seq not in done:
            unproved = say(
                f"certificate {one.seq} has no proof: run that purge again", f"证明 {one.seq} 未经核验：请重新清除"
            )
            click.echo(unproved[lang])


def _line(certificate: Certificate, lang: str) -> str:
    said, seq = certificate.document, certificate.seq
    if said["what"] == "removed":
        rows = ", ".join(f"{count} {table}" for table, count in said["rows"].items()) or "0"
        told = say(
            f"{seq}  {said['at'][:19]}Z  removed of {said['feed']} before {said['earlier_than']}: rows {rows}; "
            f"{said['messages']} messages; {said['dead_letters']} dead letters; by {said['who']}: {said['why']}",
            f"{seq}  {said['at'][:19]}Z  已清除 {said['feed']} 在 {said['earlier_than']} 之前的数据：行 {rows}；"
            f"消息 {said['messages']}；死信 {said['dead_letters']}；{said['who']}：{said['why']}",
        )
    else:
        files, rows, messages, size = (said["proof"][one] for one in ("files", "rows", "messages", "database_bytes"))
        told = say(
            f"{seq}  {said['at'][:19]}Z  nothing of certificate {said['of']} is left: looked at {rows} rows in {files} "
            f"files, {messages} messages, {size} bytes of the database",
            f"{seq}  {said['at'][:19]}Z  证明 {said['of']} 所述数据已无残留：核查 {files} 个文件 {rows} 行、"
            f"{messages} 条消息、数据库 {size} 字节",
        )
    return f"{told[lang]}\n    sha256 {certificate.hash}"


def _moment(told: str) -> datetime:
    try:
        moment = datetime.fromisoformat(told.replace("Z", "+00:00"))
    except ValueError as error:
        raise click.BadParameter(f"{told!r} is no date", param_hint="--before") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pair(key: str | None) -> tuple[str, str] | None:
    if key is None:
        return None
    column, equals, value = key.partition("=")
    if not (column and equals and value):
        raise click.BadParameter("is COLUMN=VALUE, e.g. mover=9f86d081884c7d65", param_hint="--key")
    return column, value
