"""Public transport as it runs: GTFS Realtime's vehicles, trip updates and alerts."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
