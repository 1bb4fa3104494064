"""`twin sensors issue`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("issue")
@click.argument("issue_id", required=False)
@click.option(
    "--issues", type=click.Path(path_type=Path), required=True, help="The list that twin sensors health keeps."
)
@click.option("--state", type=click.Choice(["open", "acknowledged", "mended"]), help="Its new state.")
@click.option("--owner", help="Who looks after it.")
@click.option("--note", help="What there is to say.")
def issue(issue_id: str | None, issues: Path, state: str | None, owner: str | None, note: str | None) -> None:
    """List what sensors need, or change the state and owner of ISSUE_ID (a sensor and its fault, "d12:stuck").

    One that is seen again after it was mended is open once more.
    """
    from calibration.health import changed, read_issues, write_issues

    kept = read_issues(issues)
    if issue_id is None and (state or owner or note):
        raise click.UsageError("say which issue: twin sensors issue ID ...")
    if issue_id is not None:
        kept = changed(kept, issue_id, state=state, owner=owner, note=note)
        write_issues(issues, kept)
        kept = [one for one in kept if one.issue_id == issue_id]
    click.echo(f"{'issue':<28}{'state':<14}{'owner':<20}{'seen':>5}{'back':>5}  last seen")
    for one in kept:
        click.echo(
            f"{one.issue_id:<28.27}{one.state:<14}{one.owner:<20.19}{one.times:>5}{one.reopened:>5}  {one.last_seen}"
        )
        click.echo(f"    {one.evidence['en']}{'; ' + one.note if one.note else ''}")
