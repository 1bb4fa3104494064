"""Pages of the rescue services: coverage, siting, dispatch."""
