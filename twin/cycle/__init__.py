"""One cycle of the twin: its clock, its mode, its stages, and the picture that they make."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
