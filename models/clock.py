"""The one clock that couples the models.

Order of integration in each coupling step (also available as data: `Clock.order`):

1. every model, in the order it was given to the clock, advances from `now` to `now + step_s`;
2. it reads what the models before it wrote in this step, and what those after it wrote in the step before;
3. commands that a model posted are taken by their addressee when its turn comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np


@dataclass
class Exchange:
    """What the models tell each other.

    Attributes:
        now: Seconds since the run's start.
        fields: Named arrays, e.g. `road_depth_m` by edge; the name carries the unit.
        commands: Requests by addressee, e.g. `traffic` -> vehicles to add.
        stopped_by: The model that ends the run before its time, because what comes would be worth nothing.
    """

    now: float = 0.0
    fields: dict[str, np.ndarray] = field(default_factory=dict)
    commands: dict[str, list[Any]] = field(default_factory=dict)
    stopped_by: str | None = None

    def post(self, addressee: str, command: Any) -> None:
        """Leave a request for another model; it takes it at its next turn."""
        self.commands.setdefault(addressee, []).append(command)

    def take(self, addressee: str) -> list[Any]:
        """Hand over, and forget, all requests for `addressee`, in the order they were posted."""
        return self.commands.pop(addressee, [])


class Model(Protocol):
    """An engine that moves a part of the city.

    Attributes:
        name: Its address for commands.
        reads: Fields of the exchange that it uses.
        writes: Fields of the exchange that it alone sets.
    """

    name: str
    reads: Sequence[str]
    writes: Sequence[str]

    def start(self, exchange: Exchange) -> None:
        """Write the initial value of every field in `writes`."""

    def advance(self, until: float, exchange: Exchange) -> None:
        """Move from `exchange.now` to `until` (s), reading and writing the exchange."""

    def close(self) -> None:
        """Give back files and engines; called once, also after an error."""


class Clock:
    """Advances models together in steps of `step_s`.

    Raises:
        ValueError: Two models write one field, or a field is read that none writes.
    """

    def __init__(self, models: Sequence[Model], *, step_s: float) -> None:
        self.models, self.step_s, self.exchange = list(models), step_s, Exchange()
        written: dict[str, str] = {}
        for model in self.models:
            for name in model.writes:
                if name in written:
                    raise ValueError(f"field {name} is written by both {written[name]} and {model.name}")
                written[name] = model.name
        for model in self.models:
            missing = [name for name in model.reads if name not in written]
            if missing:
                raise ValueError(f"model {model.name} reads {missing}, which no model writes")

    @property
    def order(self) -> list[str]:
        """The names of the models in the order they advance."""
        return [model.name for model in self.models]

    def run(self, end_s: float, *, on_step: Callable[[float], None] | None = None) -> Exchange:
        """Advance all models from 0 to `end_s` (s) and close them, whatever happens.

        A model that sets `stopped_by` of the exchange ends the run after this coupling step.
        """
        try:
            for model in self.models:
                model.start(self.exchange)
            while self.exchange.now < end_s and self.exchange.stopped_by is None:
                until = min(self.exchange.now + self.step_s, end_s)
                for model in self.models:
                    model.advance(until, self.exchange)
                self.exchange.now = until
                if on_step:
                    on_step(until)
        finally:
            for model in self.models:
                model.close()
        return self.exchange
