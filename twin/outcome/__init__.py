"""What an action brought: held against the same city without it, and against other days."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
