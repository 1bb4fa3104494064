"""The ground: terrain, drains, underpasses."""
