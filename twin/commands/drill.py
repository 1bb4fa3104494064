"""`twin drill`."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from twin.desk import Book
    from twin.plans import Change

_MARK = {"en": "EXERCISE", "zh": "演练"}


@click.command("drill")
@click.argument("plan")
@click.option(
    "--course",
    "course_file",
    type=click.Path(path_type=Path),
    help="What happens, in YAML.  [default: the one that ships with the plan, else one made from the plan]",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder of the drill's desk and reviews.  [default: out/drills/PLAN]"
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of what is printed."
)
def drill_command(plan: str, course_file: Path | None, out: Path | None, lang: str) -> None:
    """Play PLAN (a name of the library, or a file) on an injected clock, and write the review.

    Nothing of it is real: it has a desk of its own, nothing leaves, and every line, case and page says so.

    \b
    twin drill cloudburst
    """  # noqa: D301
    from twin.plans import course_for, drill, plan_named, read_course, review
    from twin.plans.wording import local
    from viz import review_page

    chosen = plan_named(plan)
    course = read_course(course_file) if course_file else course_for(chosen)
    zone = course.begin.tzinfo or UTC
    folder = out or Path("out/drills") / chosen.plan
    click.echo(f"{_MARK[lang]}  {chosen.title[lang]} {chosen.version}, {course.begin:%Y-%m-%d %H:%M %Z}")

    def tell(now: datetime, change: Change) -> None:
        click.echo(f"{_MARK[lang]}  {now.astimezone(zone):%H:%M}  {local(change.text, now, zone)[lang]}")

    book = drill(chosen, course, folder, tell)
    cases = _cases(book)
    if not cases:
        click.echo(f"{_MARK[lang]}  nothing set the plan off" if lang == "en" else f"{_MARK[lang]}  预案未被触发")
    for name in cases:
        made = review(book, name, zone)
        file = folder / f"{name}.html"
        beside = file.with_suffix(".new")
        beside.write_text(review_page(made), encoding="utf-8")
        beside.replace(file)
        went = made.went
        click.echo(
            f"{_MARK[lang]}  {name}: {went.called} tasks, {went.heard} acknowledged in time, {went.heard_late} late, "
            f"{went.unheard} never; {went.escalations} calls to others; {file}"
            if lang == "en"
            else f"{_MARK[lang]}  {name}：任务 {went.called} 项，按时确认 {went.heard}，迟 {went.heard_late}，"
            f"未确认 {went.unheard}；另呼叫 {went.escalations} 次；{file}"
        )
    book.close()


def _cases(book: Book) -> list[str]:
    from twin.desk import Cases

    return [case.case_id for case in Cases(book).all()]
