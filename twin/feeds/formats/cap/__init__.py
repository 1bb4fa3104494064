"""Warnings in the Common Alerting Protocol (OASIS CAP 1.2, and 1.1), alone, in envelopes and in Atom feeds."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
