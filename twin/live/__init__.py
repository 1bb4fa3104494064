"""The loop: every few minutes the city's state is estimated, forecast, searched for trouble and for better actions."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
