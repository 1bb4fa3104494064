"""The live loop: what it must reach, measured."""
