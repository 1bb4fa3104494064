"""Signal plans: one model behind every format."""
