"""Radar frames: files as the services write them, reflectivity to rain, one grid over time."""
