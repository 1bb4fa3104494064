"""SPaT with the names of SAE J2735: what signals show and will show, as JSON lines."""
