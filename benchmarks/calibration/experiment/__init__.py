"""A twin experiment: a hidden simulation is the truth, and forecasters see a fifth of its streets."""
