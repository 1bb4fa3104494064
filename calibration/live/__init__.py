"""The state of now: demand corrected by what was just counted, a simulation that follows it, and its futures."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
