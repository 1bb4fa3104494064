"""Traffic: SUMO, microscopic, coupled to water, walkers and emergency vehicles."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
