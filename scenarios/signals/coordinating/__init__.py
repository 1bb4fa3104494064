"""Offsets that let traffic pass signal after signal on green."""
