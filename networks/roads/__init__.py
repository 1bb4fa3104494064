"""The road network: from OpenStreetMap through netconvert to a repaired, connected SUMO net."""
