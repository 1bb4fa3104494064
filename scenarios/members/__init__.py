"""One member of an ensemble: the models built from a scenario and a seed, run on the clock, written down."""
