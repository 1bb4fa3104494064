"""OGC API Features, Part 1: Core (OGC 17-069r4): the city and its troubles as GeoJSON for any GIS."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
