"""One place's forecasts served and judged: a ledger, and a server that learns from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from calibration.skill.forecast import Forecast
from calibration.skill.ledger import Ledger
from calibration.skill.measuring import measure
from calibration.skill.seen import Seen
from calibration.skill.serving import Served, Server
from calibration.skill.standing import HALF_LIFE_S

REMEMBERED_S = 8 * HALF_LIFE_S
"""So much of the ledger is learned from when it is opened again: a score that is older counts 1/256."""


class Service:
    """Serves what was best so far, and keeps who said what until it can be judged.

    Args:
        folder: Of the ledger (`twin skill FOLDER`); what was kept in it before counts on.

    Raises:
        BadInput: A file in the folder is no part of a ledger.
    """

    def __init__(self, folder: Path) -> None:
        self._ledger, self._server = Ledger(folder), Server()
        self._server.learn(self._ledger.settled(REMEMBERED_S))

    @property
    def gain(self) -> float | None:
        """1 - mean absolute error of what was served over that of the best baseline; None: nothing judged.

        It is measured from the ledger's files each time: a service that runs for months holds no outcome in memory.
        """
        rows = measure(self._ledger.settled()).rows["quantity"]
        return rows[0].error_gain if rows and np.isfinite(rows[0].error_gain) else None

    def settle(self, seen: Sequence[Seen], now_s: float) -> None:
        """Judge what is due.

        Raises:
            StorageFailed: The ledger cannot be written.
        """
        self._server.learn(self._ledger.settle(seen, now_s))

    def serve(self, said: Sequence[Forecast]) -> Served:
        """Serve one quantity of forecasts by several sources, and keep all of them and what was served.

        Raises:
            StorageFailed: The ledger cannot be written.
            ValueError: They do not agree on quantity, places and periods.
        """
        served = self._server.serve(said)
        issued = [*said, served.mixed, served.forecast]
        self._ledger.issue(issued, by={served.forecast.quantity: served.by})
        return served
