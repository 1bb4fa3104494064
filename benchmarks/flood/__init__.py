"""The flood solver beside its goals and its peers."""
