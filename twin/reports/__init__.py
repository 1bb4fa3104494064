"""Reports: a page with what it rests on, its tables, layers and rasters, and a QGIS project that opens them."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
