"""OpenStreetMap: one pass over a file, areas from rings, downloads, the demo's map."""
