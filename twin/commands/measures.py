"""`twin measures list|describe`."""

from __future__ import annotations

import json

import click

_LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")


@click.group("measures", short_help="Say what is measured, in which unit, and after whom.")
def measures_command() -> None:
    """The dictionary of measures: name, unit, direction, definition, source."""


@measures_command.command("list")
@_LANG
@click.option("--markdown", "as_markdown", is_flag=True, help="As the table of docs/reference.md.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, both languages.")
def list_measures(lang: str, as_markdown: bool, as_json: bool) -> None:
    """List every measure."""
    from scenarios import MEASURES
    from scenarios.measures.page import DIRECTION, markdown

    if as_json:
        kept = ("name", "title", "unit", "better", "definition", "source")
        told = [{key: getattr(one, key) for key in kept} for one in MEASURES.values()]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif as_markdown:
        click.echo(markdown(lang), nl=False)
    else:
        for one in MEASURES.values():
            click.echo(f"{one.name:28} {one.unit:12} {DIRECTION[one.better][lang]:8} {one.title[lang]}")


@measures_command.command("describe")
@click.argument("names", nargs=-1, required=True)
@_LANG
def describe(names: tuple[str, ...], lang: str) -> None:
    """Tell all about the measures called NAMES."""
    from difflib import get_close_matches

    from networks.errors import NotThere
    from scenarios import MEASURES
    from scenarios.measures.page import sheet

    for name in names:
        if name not in MEASURES:
            near = get_close_matches(name, MEASURES, n=3)
            raise NotThere(
                f"no measure is called {name!r}",
                expected=", ".join(near) if near else None,
                remedy="`twin measures list` names all",
            )
    click.echo("\n\n".join(sheet(MEASURES[name], lang) for name in names))
