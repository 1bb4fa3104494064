"""Validations: tables that commands and benchmarks write, and the one page that is made of them."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
