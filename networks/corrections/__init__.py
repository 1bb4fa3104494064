"""Hand corrections of the map: a small file that survives the next update of the map."""
