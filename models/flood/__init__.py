"""Surface water: rain over terrain, and what it does to roads. Everything is loaded when it is first used."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
