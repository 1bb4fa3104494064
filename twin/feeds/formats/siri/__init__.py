"""Public transport in SIRI 2: timetables, vehicles, stops and situations, in XML and in lite JSON."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
