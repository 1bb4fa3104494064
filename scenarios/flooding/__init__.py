"""A storm over a city as an ensemble: what floods, which roads close, what to do about it, and how good it was."""
