"""What `twin serve --case` is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from networks.sentence import Sentence
from twin.serving.stage_files import StageFiles

if TYPE_CHECKING:
    from calibration.counting import ReadCounts
    from networks import City
    from twin.api.entrance import Entrance

Tell = Callable[[Sentence], None]
"""Says a line of what is served."""


@dataclass(frozen=True)
class TownSession:
    """What is served.

    Attributes:
        city: Where; the map of the cockpit.
        sumocfg: The case whose own cars are the usual demand.
        feeds: FEEDS.yaml.
        out: Folder of towns, desk and scores; a second start goes on where the first ended.
        sensors: Table of sensors and where they stand; None: those that the city has registered.
        begin: Wall-clock time of the case's second 0; with a zone. None: midnight of today, UTC.
        keep: Route files of the case that drive by timetable.
        period_s: Of counts and cycles.
        at_once: Members that run at a time; None is one per CPU.
        members: Of each forecast in normal mode; None: what the mode says.
        horizon_s: How far forecasts go; None: what the mode says.
        meso: Mesoscopic.
        usual: Days counted before; where there are three, incidents are sought.
        seed: Of every draw.
        port: Port of the cockpit; 0 for any free one.
        record: Run the feeds; else another process records them.
        by_feeds: The clock is what sensors say, not the wall's.
        cycles: End after so many; None: on Ctrl-C.
        files: What is looked for, who is called, who takes orders.
        entrance: Where the API listens and who may come in; None: on loopback, at `port`.
        runs: Store of the runs that planners ask for.
        film: How long what was shown is kept; None: not at all.
    """

    city: City
    sumocfg: Path
    feeds: Path
    out: Path
    sensors: Path | None = None
    begin: datetime | None = None
    keep: tuple[Path, ...] = ()
    period_s: float = 300.0
    at_once: int | None = None
    members: int | None = None
    horizon_s: float | None = None
    meso: bool = False
    usual: tuple[ReadCounts, ...] = ()
    seed: int = 1
    port: int = 8765
    record: bool = True
    by_feeds: bool = False
    cycles: int | None = None
    files: StageFiles = field(default_factory=StageFiles)
    entrance: Entrance | None = None
    runs: Path = Path("runs")
    film: timedelta | None = timedelta(hours=24)
