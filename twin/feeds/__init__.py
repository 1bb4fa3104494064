"""Messages from the city, kept as they came and understood: transports, formats, the feed log."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
