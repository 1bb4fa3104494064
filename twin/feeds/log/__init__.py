"""The feed log: every message of a feed as it came, numbered, on the disk before it is acknowledged."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
