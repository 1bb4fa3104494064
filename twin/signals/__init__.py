"""Signals as engineers work on them: what they run, what a change breaks, how plans leave and reach the desk."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
