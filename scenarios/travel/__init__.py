"""Who travels when and by which way: everyday trips, visitors, riders, buses, and the ways that drivers know."""
