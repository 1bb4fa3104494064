"""What video systems found: counts, tracks and events as JSON lines; no pictures, no faces, no plates."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
