"""What leaves: messages to agencies, signs, signals and the public, each with an approval behind it."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
