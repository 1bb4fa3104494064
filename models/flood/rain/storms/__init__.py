"""Rain in time alone: hyetographs, design storms, storm files."""
