"""`ReplaySession`: what `twin serve --replay` is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from twin.serving.stage_files import StageFiles

if TYPE_CHECKING:
    from networks import City
    from scenarios import Executor, Scenario, Store
    from twin.api.tiles import Tiles
    from twin.live.crowd_feed import CrowdFeed


@dataclass(frozen=True)
class ReplaySession:
    """What a replay needs.

    Attributes:
        city: Where.
        scenario: The evening that is replayed.
        store: Where runs land.
        executor: Workers.
        out: Folder of the desk and the outbox; a second start goes on where the first ended.
        speed: Seconds of the replay per second.
        port: Port of the cockpit; 0 for any free one.
        webhook: Where recommendations are posted, if anywhere.
        members: Members of each forecast.
        horizon_s: How far each forecast goes (s).
        signals: Also search signal timings.
        crowd: Counters of sites; None: nobody counts there.
        files: What is looked for and who is called; nobody takes orders.
        tiles: A tile server beneath the map; None: the city's own layers.
        film: How long what was shown is kept (of the replay's time); None: not at all.
    """

    city: City
    scenario: Scenario
    store: Store
    executor: Executor
    out: Path
    speed: float = 10.0
    port: int = 8765
    webhook: str | None = None
    members: int = 4
    horizon_s: float = 1800.0
    signals: bool = True
    crowd: CrowdFeed | None = None
    files: StageFiles = field(default_factory=StageFiles)
    tiles: Tiles | None = None
    film: timedelta | None = timedelta(hours=24)
