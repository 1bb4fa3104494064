"""Advice for a visitor day, found by simulating it."""
