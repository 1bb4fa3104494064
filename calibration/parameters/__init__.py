"""Driver, signal and capacity parameters of a SUMO case from counts, speeds and travel times."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
