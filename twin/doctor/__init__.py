"""The doctor: what is missing on this machine and in a city, and what to do about it."""
