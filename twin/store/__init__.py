"""What feeds told, kept: Parquet parts for series, SQL for positions, dead letters and certificates of removal."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
