"""`twin skill`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from calibration.skill import Measured, SkillRow

_PATH = click.Path(path_type=Path)
SHOWN = 40


@click.command("skill", short_help="How good the forecasts were, and which of them is served where.")
@click.argument("folder", type=_PATH)
@click.option(
    "--by", type=click.Choice(["place", "horizon", "quantity"]), default="horizon", show_default=True,
    help="A line for each of these.",
)  # fmt: skip
@click.option("--report", type=_PATH, help="Folder for skill.html (English and Chinese).")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the table.")
def skill_command(folder: Path, by: str, report: Path | None, lang: str) -> None:
    """Say how good the forecasts of a ledger were: FOLDER is what `twin serve` keeps beside its desk (skill/).

    Every forecast is scored when its time has come, against persistence, the historical mean, their blend and gradient
    boosting as far as they were issued, on cases that all of them spoke of. CRPS is an error that weighs the whole
    distribution; "served from" names what stood behind the answer: where the twin has no skill, a baseline.

    \b
    twin skill out/live/skill --by place --report out/skill
    """  # noqa: D301
    from calibration.skill import Ledger, measure
    from networks import landing_file
    from networks.errors import NotThere
    from viz.calibration.skill_page import skill_page

    if not (folder / "issued").is_dir():
        raise NotThere("no ledger of forecasts is kept here", file=folder, expected="a folder with issued/ in it")
    ledger = Ledger(folder)
    found = measure(ledger.settled())
    _tell(found, by, lang, ledger.waiting)
    if report is not None:
        with landing_file(report / "skill.html") as beside:
            beside.write_text(skill_page(folder.resolve().parent.name, found), encoding="utf-8")
        click.echo(f"{'已写入' if lang == 'zh' else 'wrote'} {report / 'skill.html'}")


def _tell(found: Measured, by: str, lang: str, waiting: int) -> None:
    rows = found.rows[by]
    if by == "place":
        rows = tuple(sorted(rows, key=lambda row: (row.quantity, row.gain)))
    if not rows:
        click.echo("尚无到期的预测" if lang == "zh" else "no forecast's time has come yet")
    elif by == "place" and len(rows) > SHOWN:
        click.echo(
            f"{len(rows)}个地点中最差的{SHOWN}个：" if lang == "zh" else f"the worst {SHOWN} of {len(rows)} places:"
        )
    if rows:
        click.echo(_HEADS[lang])
    for row in rows[:SHOWN]:
        click.echo(_line(row, by))
    for quantity, share in found.unanswered.items():
        zh, en = f"{quantity}：{share:.0%}无观测对照", f"{quantity}: {share:.0%} were never answered by an observation"
        click.echo(zh if lang == "zh" else en)
    click.echo(f"{waiting}个预测尚未到期" if lang == "zh" else f"{waiting} forecasts wait for their time")


_HEADS = {
    "en": "quantity     key             cases  judged   error    CRPS  best baseline     error    CRPS   gain  in 90 %"
    "  hit/miss/false  served from",
    "zh": "指标         项              样本   评价对象 误差     CRPS  最佳基准          误差     CRPS   改善  90%覆盖"
    "  命中/漏报/误报  来源",
}


def _line(row: SkillRow, by: str) -> str:
    key = f"{float(row.key) / 60:.0f} min" if by == "horizon" else str(row.key)
    judged, best = row.judged, row.best
    ours = f"{judged:<8.8} {row.error[judged]:5.3g}  {row.crps[judged]:6.3g}"
    theirs = f"{best:<16} {row.error[best]:6.3g}  {row.crps[best]:6.3g}  {row.gain:+5.0%}" if best else f"{'-':<39}"
    events = f"{row.hits}/{row.misses}/{row.false_alarms}"
    behind = ", ".join(
        f"{name} {share:.0%}" for name, share in sorted(row.behind.items(), key=lambda one: -one[1]) if share >= 0.05
    )
    held = f"{row.held[judged]:6.0%}"
    return f"{row.quantity:<12} {key:<14.14} {row.cases:6d}  {ours}  {theirs}  {held}   {events:<14}  {behind}".rstrip()
