"""The search itself: what may change, how it is varied, and its answer."""
