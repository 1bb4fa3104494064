"""`twin plans list|check|show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twin.plans import Plan, Trigger

_LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")


@click.group("plans", short_help="Response plans: list, check and show them.")
def plans_command() -> None:
    """Response plans: when they begin, who signs, who does what until when, and how they end."""


@plans_command.command("list")
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="Also the plans of this folder."
)
@_LANG
def list_plans(folders: tuple[Path, ...], lang: str) -> None:
    """List the plans that ship with citytwin, and those of folders."""
    from twin.plans import LIBRARY, read_plans

    for plan in read_plans((LIBRARY, *folders)):
        tasks = sum(len(level.tasks) for _, level in plan.from_mildest())
        levels = " ".join(name for name, _ in plan.from_mildest())
        click.echo(
            f"{plan.plan:16} {plan.version:5} {plan.title[lang]}: levels {levels}; {tasks} tasks, per {plan.per}"
        )


@plans_command.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check plans in FILES; every mistake is told with its line."""
    from networks.errors import BadInput
    from twin.plans import read_plan

    wrong: list[BadInput] = []
    for file in files:
        try:
            plan = read_plan(file)
            tasks = sum(len(level.tasks) for _, level in plan.from_mildest())
            click.echo(f"{file}: {plan.plan} {plan.version} is in order: {len(plan.levels)} levels, {tasks} tasks")
        except BadInput as error:
            wrong.append(error)
    for one in wrong[:-1]:
        click.echo(f"twin: {one}", err=True)
    if wrong:
        raise wrong[-1]


@plans_command.command("show")
@click.argument("name")
@_LANG
def show(name: str, lang: str) -> None:
    """Show a plan (a name of the library, or a file) as people read it."""
    from twin.plans import plan_named
    from twin.plans.wording import level_word

    plan = plan_named(name)
    click.echo(f"{plan.title[lang]} ({plan.plan} {plan.version})\n{plan.source[lang]}")
    for key, level in plan.from_mildest():
        click.echo(f"\n{level_word(key)[lang]}")
        for number, trigger in enumerate(level.when):
            click.echo(("  when " if number == 0 else "    or ") + _trigger(trigger))
        click.echo(
            f"  signs: {_who(plan, level.signs, lang)}, {level.sign_min:g} min{_then(plan, level.escalate, lang)}"
        )
        for task in level.tasks:
            done = f", done in {task.done_min:g} min" if task.done_min else ""
            once = ", before anybody signs" if task.at_once else ""
            click.echo(f"  {task.id}: {_who(plan, task.agency, lang)}: {task.text[lang]}")
            click.echo(f"    answer in {task.acknowledge_min:g} min{done}{once}{_then(plan, task.escalate, lang)}")
    down = plan.stand_down
    click.echo(
        f"\nstand-down: quiet for {down.hold_min:g} min, then signed within {down.sign_min:g} min; {down.text[lang]}"
    )


def _who(plan: Plan, party: str, lang: str) -> str:
    return plan.parties[party].title[lang]


def _then(plan: Plan, parties: tuple[str, ...], lang: str) -> str:
    return "; then " + ", ".join(_who(plan, one, lang) for one in parties) if parties else ""


def _trigger(trigger: Trigger) -> str:
    told = []
    if trigger.signal is not None:
        own = " or rain held by the twin" if trigger.signal.own else ""
        told.append(
            f"official signal {'/'.join(trigger.signal.events)} at level {trigger.signal.at_least} or worse{own}"
        )
    for one in trigger.findings:
        within = f", within {one.within_min:g} min" if one.within_min else ""
        area = "" if one.area is None else ", in the signal's area" if one.area == "signal" else ", in its area"
        told.append(
            f"{one.count} x {one.kind} at level {one.level} or worse, {one.probability:.0%} of members{within}{area}"
        )
    return "; and ".join(told)
