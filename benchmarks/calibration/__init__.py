"""Demand from counts on real towns, beside SUMO's routeSampler: `python -m benchmarks.calibration`."""
