"""A level gauge: where it stands and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from networks.errors import BadInput


@dataclass(frozen=True)
class LevelGauge:
    """A gauge that measures the depth over its cell.

    Attributes:
        name: Its name.
        cell: Flat index of its cell.
        error_m: Standard error of its depth (m), with what the model's cell cannot show.

    Raises:
        BadInput: An error that is not positive.
    """

    name: str
    cell: int
    error_m: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.error_m) and self.error_m > 0):
            raise BadInput(f"gauge {self.name}: an error of {self.error_m:g} m", expected="a positive standard error")
