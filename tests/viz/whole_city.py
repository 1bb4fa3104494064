"""Every page of a served city from one server: the desk, the planning desk, the signals' workspace, the reports."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

from full_desk import NOW, DeskServer, full_desk
from small_signals import four_signals
from small_town import small_city

from twin.cycle import Picture
from twin.live.cycles import Cycles
from twin.reports import Shelf, report_day
from twin.whatif import WhatIfs


class WholeCity(DeskServer):
    """`DeskServer` with all four pages and one report; its planning desk is open, but nobody works on what is asked."""

    def __init__(self, folder: Path) -> None:
        desk, tokens = full_desk(folder)
        Cycles(desk.book).keep(Picture("run-1", NOW, NOW - timedelta(minutes=5), seconds={"traffic": 2.0}), "normal", 0)
        report_day(folder, folder / "reports" / "day-2026-07-17", day=None, zone=UTC, city=None, pdf=False, words=())
        city = small_city()
        ground = four_signals(folder, city)
        super().__init__(
            folder, desk=desk, signals=lambda: ground, reports=Shelf(folder, folder / "reports"),
            what_ifs=WhatIfs(city, folder / "runs", folder / "what-if"),  # type: ignore[arg-type]
        )  # fmt: skip
        self.tokens = tokens


if __name__ == "__main__":  # for eyes: python tests/viz/whole_city.py
    import tempfile
    import time

    with tempfile.TemporaryDirectory() as place:
        served = WholeCity(Path(place))
        print(served.address, served.tokens, flush=True)
        while True:
            time.sleep(1.0)
