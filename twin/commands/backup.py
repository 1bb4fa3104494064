"""`twin backup` and `twin restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from networks.sentence import say


@click.command("backup", short_help="Keep store and feed logs, while feeds run.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="So many backups stay, this one with them; else all.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def backup_command(file: Path, folder: Path, keep: int | None, lang: str) -> None:
    """Keep everything of FEEDS.yaml's store and logs in FOLDER; what an earlier backup there holds is not copied again.

    Feeds may run meanwhile. Put FOLDER on another disk: on the same one files only get a second name. The file of feeds
    itself and the salts of pseudonyms are not in it.
    """
    from twin.feeds import read_feeds
    from twin.store import FeedStore, back_up

    feeds = read_feeds(file)
    with FeedStore(feeds.folder, feeds.database) as store:
        made = back_up(store, [feed.id for feed in feeds.feeds], folder, keep=keep)
    size = sum(one.size for one in made.files) / 1e6
    for feed in feeds.feeds:
        end, position = made.log_ends.get(feed.id, 0), made.positions.get(feed.id, 0)
        line = say(
            f"{feed.id}: {end} messages in the log, {position} in the store",
            f"{feed.id}：日志 {end} 条，已入库 {position} 条",
        )
        click.echo(line[lang])
    told = say(
        f"backup {made.name}: {len(made.files)} files, {size:.1f} MB -> {folder}",
        f"备份 {made.name}：{len(made.files)} 个文件，{size:.1f} MB -> {folder}",
    )
    click.echo(told[lang])


@click.command("restore", short_help="Bring a backup back, and say what was lost and how long it took.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("place", type=click.Path(path_type=Path))
@click.option("--name", help="Which backup; else the newest.")
@click.option("--database", help="An empty database (postgresql+psycopg://...); else SQLite in PLACE.")
@click.option("--log", "old", type=click.Path(path_type=Path), help="The old store's folder, where its logs survived.")
@click.option("--crashed", help="When the old store ended (ISO 8601, UTC); else now. What was lost counts from there.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def restore_command(
    folder: Path, place: Path, name: str | None, database: str | None, old: Path | None, crashed: str | None, lang: str
) -> None:
    """Bring a backup of FOLDER back into PLACE, a new folder; every file is held against its hash.

    Then name PLACE as `store: {folder: PLACE}` in the file of feeds and run `twin feeds record`: it goes on behind the
    last message of the log. With --log OLD messages that the old log holds beyond the backup are added first.
    """
    from twin.feeds.health import spoken_s
    from twin.store import follow, restore

    try:
        moment = datetime.fromisoformat(crashed.replace("Z", "+00:00")) if crashed else None
    except ValueError as error:
        raise click.BadParameter(f"{crashed!r} is no time", param_hint="--crashed") from error
    moment = moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
    back = restore(folder, place, database, name=name, crashed=moment)
    lost = "-" if back.lost_s is None else spoken_s(max(0.0, back.lost_s))
    told = say(
        f"backup {back.manifest.name} is back in {place}: {len(back.manifest.files)} files, {back.bytes / 1e6:.1f} MB, "
        f"all hashes right\nRTO {back.seconds:.1f} s (measured, without starting the feeds)\n"
        f"RPO {lost} (from the newest message in the backup to the crash)",
        f"备份 {back.manifest.name} 已恢复到 {place}：{len(back.manifest.files)} 个文件，{back.bytes / 1e6:.1f} MB，"
        f"哈希全部相符\nRTO {back.seconds:.1f} 秒（实测，不含启动数据源）\nRPO {lost}（备份中最新消息到故障时刻）",
    )
    click.echo(told[lang])
    for feed in back.manifest.log_ends if old is not None else ():
        added = follow(old, place, feed) if old is not None else range(0)
        line = say(f"{feed}: {len(added)} messages added from the old log", f"{feed}：从旧日志补入 {len(added)} 条消息")
        click.echo(line[lang])
