"""Places: buildings, destinations, land use, zones, sensors."""
