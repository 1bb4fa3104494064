"""Many members at once: here or on Ray, retried, capped, and as many as an interval needs."""
