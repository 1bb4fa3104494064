"""Gauges correct a flood that runs as an ensemble, and forecasts are scored. Everything is loaded on first use."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
