"""What was served, kept on disk, and a stretch of it as one page that plays without a server."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
