"""Where people walk: the walk graph and ways across squares."""
