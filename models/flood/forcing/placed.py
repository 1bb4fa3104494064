"""What a structures file adds to a run."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

import numpy as np

from models.flood.forcing.inlets import Inlet
from models.flood.forcing.pipes import PipeNetwork
from models.flood.inflow import Inflow
from models.flood.surface.water import Forcing


@dataclass(frozen=True)
class Placed:
    """What a structures file adds to a run; a context that ends SWMM, where the file has pipes.

    Attributes:
        forcings: For `simulate_flood(forcings=...)`.
        inflows: For `simulate_flood(inflows=...)`.
        surface: (rows, cols) for `simulate_flood(surface=...)`: the site's, or with its sea as land held at a level.
        initial_depth_m: (rows, cols) for `simulate_flood(initial_depth_m=...)`: that of such a sea.
        inlets: The gratings, as far as they are open.
        pipes: The coupled pipes, or None.
    """

    forcings: tuple[Forcing, ...]
    inflows: tuple[Inflow, ...]
    surface: np.ndarray
    initial_depth_m: np.ndarray
    inlets: tuple[Inlet, ...]
    pipes: PipeNetwork | None = None

    def __enter__(self) -> Placed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pipes is not None:
            self.pipes.close()
