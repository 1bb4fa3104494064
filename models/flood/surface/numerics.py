"""How the water is moved: the scheme, its numbers, the kernel and the number type, checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np

from networks.errors import BadInput

Scheme = Literal["inertia", "shallow"]
Kernel = Literal["numba", "numpy"]
_WHERE = {
    ("inertia", "numba"): "_inertia",
    ("inertia", "numpy"): "inertia_reference",
    ("shallow", "numba"): "_shallow",
    ("shallow", "numpy"): "shallow_reference",
}
_COURANT = {"inertia": 0.6, "shallow": 0.45}
CLOSED_TO = {"float32": 1e-5, "float64": 1e-10}
"""A ledger that is open wider than this share stops the run: ten to a hundred times what the solver is tested for."""


@dataclass(frozen=True)
class Numerics:
    """What decides how a flood is computed, not what it is.

    Attributes:
        scheme: "inertia", two-dimensional local inertia, for rain and ponding; "shallow", the shallow-water equations.
        kernel: "numba", or "numpy" for the slow reference.
        dtype: float64, or float32 for twice the speed and a ledger closed to 1e-6.
        theta: Weight of a face's own flow against that of its neighbours, within (0, 1]; scheme inertia.
        alpha: Courant number; None is the scheme's own.
        step_s: A time step (s) instead of the adaptive one.

    Raises:
        BadInput: Another scheme, kernel or type; numbers with which the scheme is unstable.
    """

    scheme: Scheme = "inertia"
    kernel: Kernel = "numba"
    dtype: Any = np.float64
    theta: float = 0.8
    alpha: float | None = None
    step_s: float | None = None

    def __post_init__(self) -> None:
        for place, value, known in (
            ("scheme", self.scheme, _COURANT),
            ("kernel", self.kernel, ("numba", "numpy")),
            ("dtype", self.type_name, CLOSED_TO),
        ):
            if value not in known:
                raise BadInput(f"{place} is {value!r}", place=place, expected=" or ".join(known))
        for place, number in (("alpha", self.alpha), ("step_s", self.step_s)):
            if number is not None and not (np.isfinite(number) and number > 0):
                raise BadInput(f"{place} is {number:g}", place=place, expected="a positive number")
        if not 0 < self.theta <= 1:
            raise BadInput(f"theta is {self.theta:g}", place="theta", expected="above 0, at most 1")
        limit, law = (np.sqrt(self.theta / 2), "sqrt(theta / 2)") if self.scheme == "inertia" else (0.5, "1 / 2")
        if self.courant >= limit:
            beside = f" with theta {self.theta:g}" if self.scheme == "inertia" else ""
            what = f"alpha {self.courant:g} is unstable{beside}"
            raise BadInput(what, place="alpha", expected=f"below {law} = {limit:.3f}")

    @property
    def type_name(self) -> str:
        """The number type's name."""
        return np.dtype(self.dtype).name

    @property
    def courant(self) -> float:
        """The Courant number that is used."""
        return _COURANT[self.scheme] if self.alpha is None else self.alpha

    def advance(self) -> Callable[..., int]:
        """The kernel; its arguments are those of `models.flood.surface.inertia_reference.advance`."""
        name = _WHERE[self.scheme, self.kernel]
        kernel: Callable[..., int] = import_module(f"models.flood.surface.{name}").advance
        return kernel
