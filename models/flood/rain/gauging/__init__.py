"""Rain as gauges measured it, and radar adjusted to them."""
