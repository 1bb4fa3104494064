"""One picture each, as SVG: bars of a cycle, stages, rings, time and space, coordination, a map of gains."""
