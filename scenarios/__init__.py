"""What if: scenario files, runs, ensembles on Ray, measures, comparison, and the nouns of the searches.

Loaded on first use, so that the command line answers at once.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
