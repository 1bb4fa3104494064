"""What a road network says of its signals: movements, streams and lanes, places by name, corridors."""
