"""What could be done about trouble: options tried in copies of the live city, combined where they touch."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
