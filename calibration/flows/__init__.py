"""The demand of a network from what was counted on it, with the simulation in the loop."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
