"""Signals for an engineer's eyes: pure functions from plans to HTML and SVG text, in English and Chinese."""
