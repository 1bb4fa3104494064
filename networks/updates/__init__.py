"""What changed between the map that a city was built from and a newer one, and what must be checked again."""
