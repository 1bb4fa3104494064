"""Response plans: who does what when trouble comes, drills, and the review afterwards."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
