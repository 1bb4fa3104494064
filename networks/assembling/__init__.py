"""The steps of a build: what they share, the rows of every layer, and the manifest."""
