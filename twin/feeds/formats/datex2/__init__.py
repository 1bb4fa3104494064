"""Traffic situations and measurements in DATEX II, versions 2 and 3."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
