"""Pictures: maps, plots, the report and the cockpit's page. Heavy libraries load when something is drawn."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
