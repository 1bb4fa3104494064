"""Emergencies: which way a unit goes, at what time, past which water."""
