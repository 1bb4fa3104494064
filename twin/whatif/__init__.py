"""What-ifs that planners ask in the browser: one at a time, beside the loop and never before it."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
