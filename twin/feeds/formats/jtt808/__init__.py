"""JT/T 808: what terminals in buses, lorries and taxis tell their platform, a declared subset."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
