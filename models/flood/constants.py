"""Numbers that the flood kernel and its reference share."""

GRAVITY = 9.81
"""m/s2"""
DRY_M = 1e-5
"""No water moves through a face with less than this depth (m)."""
STEP_DEPTH_M = 0.1
"""The time step never outgrows this depth (m): on slopes, thin films run faster than their gravity waves."""
MM_H = 1 / 3.6e6
"""One mm/h in m/s."""
LAND, WATER, BUILDING = 0, 1, 2
"""Values of the `surface` array."""
