"""Observations in the words of OGC SensorThings, and the wire between twins."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
