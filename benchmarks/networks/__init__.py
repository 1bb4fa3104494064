"""Road networks from OSM by three roads: plain netconvert, the usual options, and `twin build`, measured alike."""
