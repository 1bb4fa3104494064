"""Water on a surface: its arrays, the ground it runs over, and the schemes that move it. Import its files by name."""
