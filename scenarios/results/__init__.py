"""Results on disk: addressed by what went into them, looked up, replayed, handed on, pruned."""
