"""`twin quality`, and what `twin build` says of a city's quality."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from networks import City

strict_option = click.option(
    "--strict", is_flag=True, help="End with status 6 when a check fails; the city is there all the same."
)
thresholds_option = click.option(
    "--thresholds", type=click.Path(path_type=Path), help="YAML of your own thresholds: `strongly_connected: 0.95`."
)


@click.command("quality", short_help="Print a city's quality report, write its page, hold it against thresholds.")
@click.argument("city", type=click.Path(path_type=Path))
@strict_option
@thresholds_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON and write nothing.")
def quality_command(city: Path, strict: bool, thresholds: Path | None, as_json: bool) -> None:
    """Print which checks CITY (a folder that `twin build` made) passed, and its most influential doubts.

    CITY/quality.html is written again: every check, doubt and repair on a map, in one file that needs no network.

    \b
    twin quality cities/my-town --strict           # for CI: status 6 when a check fails
    """  # noqa: D301
    import json

    from networks import City, read_quality, require_passed

    opened = City.open(city)
    report = judged(read_quality(city), thresholds)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        tell_quality(opened, report)
    if strict:
        require_passed(report, city)


def judged(report: dict[str, Any], thresholds: Path | None) -> dict[str, Any]:
    """The report, judged by thresholds of one's own where there are some."""
    from networks import read_thresholds, with_thresholds

    return report if thresholds is None else with_thresholds(report, read_thresholds(thresholds))


def tell_quality(city: City, report: dict[str, Any]) -> None:
    """Write the page of a city and print the summary of its report."""
    from rich.console import Console

    from networks import changed_since, put_page
    from twin.quality import print_quality
    from viz import render_quality

    changed = changed_since(report, city.manifest)
    page = put_page(city.folder, render_quality(city, report, changed=changed))
    print_quality(Console(highlight=False), city.name, report, page)
    if changed:
        click.echo(f"changed since this was checked: {', '.join(changed)}; build the city again to check them")
