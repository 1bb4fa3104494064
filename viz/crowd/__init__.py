"""Pages of visitors and crowds."""
