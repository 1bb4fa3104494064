"""A controller from the ground: its stages, the plan they make, and what is unsafe about any plan of it."""
