"""A depth to the power of -7/3, which Manning's friction needs, in arithmetic that vector instructions have."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

_ROOT = np.int32(1419900000)
"""Bits from which a third of a number's bits is taken for a first guess of 1 / cbrt of it: right within 3.4 %."""
_SERIES = (
    1.0,
    2.3333346843719482,
    3.888892650604248,
    5.616157054901123,
    7.487780570983887,
    9.723424911499023,
    11.9143467,
)
_POWER = tuple(np.float32(value) for value in _SERIES)
"""Polynomial for (1 - x) ** (-7 / 3) where |x| <= 0.103, right within 8e-8: Chebyshev fit of degree 6."""
_THIRD = np.float32(1 / 3)
_ONE = np.float32(1)


@nb.njit(inline="always", cache=True, nogil=True, error_model="numpy")
def minus_seven_thirds(d: Any) -> Any:
    """`d ** (-7 / 3)` of a positive float32, in single precision: right within 1e-6."""
    p0, p1, p2, p3, p4, p5, p6 = _POWER
    bits = np.float32(d).view(np.int32)
    y = np.float32(np.int32(_ROOT - np.int32(np.float32(bits) * _THIRD)).view(np.float32))
    y2 = y * y
    x = _ONE - d * (y2 * y)
    x2 = x * x
    power = ((p0 + p1 * x) + x2 * (p2 + p3 * x)) + (x2 * x2) * ((p4 + p5 * x) + x2 * p6)
    return (y2 * y2) * (y2 * y) * power
