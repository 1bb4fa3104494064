"""The city that stands still: import from OpenStreetMap, roads, walk graph, terrain, zones, sensors, signal plans."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
