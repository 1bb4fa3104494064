"""Trouble found in what is seen and forecast, grouped so that a seat can live with it, and its ledger."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
