"""Pages of a flood run."""
