"""Where mobile pumps and crews help most: what a flood costs, a quick screen, a search, and full runs of the best."""
