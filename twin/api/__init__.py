"""The twin over HTTP: pages, REST, server-sent events; who may ask what."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
