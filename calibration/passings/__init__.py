"""Number-plate passings: hashed with a salt that rotates, turned into times, ways and turns, and forgotten."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
