"""What an action brought, by design: periods that switch between with and without, or days that are like today."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
