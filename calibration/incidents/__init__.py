"""Incidents found from what sensors say: suspected, tried in the twin, and told with what they rest on."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
