"""The planning desk, timed."""
