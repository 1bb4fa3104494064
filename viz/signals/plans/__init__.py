"""What pictures tell of a plan, read from it: its course, its stages, and how it differs from another, and why."""
