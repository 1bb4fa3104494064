"""What was counted on the street: counts by sensor and period, read from files, with gaps as gaps."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
