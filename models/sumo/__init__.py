"""SUMO itself: any of its scenarios read, checked and run, by its own binary or through libsumo."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
