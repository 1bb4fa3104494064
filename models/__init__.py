"""Engines that move the city: traffic, flood, crowd and emergency, and the clock that couples them.

Names are imported when they are first asked for, because the engines behind them are heavy.
"""

from lazy_loader import attach_stub

from models.kernel_cache import keep_by_source

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)

keep_by_source()
