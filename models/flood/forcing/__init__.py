"""What else adds water to the ground or takes it: the soil, levels at the border, structures, pipes."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
