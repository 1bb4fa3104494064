"""Plans tried in a simulation: the aim, the trials, and what they gained."""
