"""Where things are: the city's plane, datums, the side of the road."""
