"""What runs as a service: a followed town, or a replay, behind one entrance."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
