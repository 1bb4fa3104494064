"""Bottlenecks: where queues begin, what they cost, why, and whether they go when the cause is taken away."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
