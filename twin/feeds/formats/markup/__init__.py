"""What formats in XML share: opening a message within limits, finding parts in it, reading their values."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
