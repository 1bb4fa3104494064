"""`twin privacy audit`."""

from __future__ import annotations

from pathlib import Path

import click

from networks.sentence import say


@click.command("audit", short_help="Look for identifiers of persons in logs and store.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--allow", multiple=True, help="A text that may stand there (the city's own address); repeatable.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
@click.pass_context
def audit_command(ctx: click.Context, file: Path, allow: tuple[str, ...], lang: str) -> None:
    """Look through every message, row and dead letter for plates (CN, EU), phone numbers, MAC, IMEI, e-mail, fields
    with such names, and movers that are neither pseudonyms nor public vehicles.

    Values are only hinted at. Exit status 6 where something is found. It finds what looks like an identifier: a clean
    audit is no proof that there is none.
    """
    from twin.commands.feeds_told import printable
    from twin.feeds import read_feeds
    from twin.feeds.log import folder_of
    from twin.store import FeedStore, audit

    feeds = read_feeds(file)
    with FeedStore(feeds.folder, feeds.database) as store:
        seen = audit(store, {feed.id: folder_of(feeds.folder, feed.id) for feed in feeds.feeds}, allow)
    looked = seen.looked
    summary = say(
        f"looked at {looked['messages']} messages ({looked['bytes'] / 1e6:.1f} MB), {looked['rows']} rows, "
        f"{looked['dead letters']} dead letters",
        f"已核查 {looked['messages']} 条消息（{looked['bytes'] / 1e6:.1f} MB）、{looked['rows']} 行、"
        f"{looked['dead letters']} 条死信",
    )
    click.echo(summary[lang])
    for feed in feeds.feeds:
        hides = feed.concealing() is not None
        door = say(
            "names are taken out at the door" if hides else "its format knows no persons; nothing is taken out",
            "入口处已去除身份信息" if hides else "该格式不含个人信息，入口处不作处理",
        )
        unread = say(
            f"; {seen.unread[feed.id]} messages could not be looked into (archives, pictures)",
            f"；{seen.unread[feed.id]} 条消息（压缩包、图像）无法核查",
        )
        click.echo(f"  {feed.id}: {door[lang]}{unread[lang] if seen.unread[feed.id] else ''}")
    for (name, sort), finding in sorted(seen.findings.items()):
        click.echo(f"{name}: {sort}, {finding.count}")
        for place in finding.places:
            click.echo(f"    {printable(place, widest=160)}")
    if seen.allowed:
        click.echo(say(f"{seen.allowed} allowed by --allow", f"--allow 允许 {seen.allowed} 处")[lang])
    if not seen.findings:
        click.echo(say("nothing was found", "未发现")[lang])
        return
    advice = say(
        "to do: take it out at the door (a format that conceals), then twin purge what is kept",
        "处理：在入口处去除（使用可去标识的格式），再用 twin purge 清除已存内容",
    )
    click.echo(advice[lang])
    ctx.exit(6)
