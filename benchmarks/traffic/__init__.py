"""Measurements of traffic beside peers, one command each."""
