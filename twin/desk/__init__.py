"""The operators' side: what is recommended, alarmed and asked of agencies, who decided, and the chained audit."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
