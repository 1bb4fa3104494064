"""Emergency: units, calls, dispatch, and routes that are still open when the unit gets there."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
