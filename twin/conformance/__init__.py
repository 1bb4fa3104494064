"""What the City Brain plans ask for, what there is of it, and proofs that are run."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
