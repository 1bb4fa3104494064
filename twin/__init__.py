"""The live twin: feeds in, loop, operators' desk, HTTP API, command line."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
