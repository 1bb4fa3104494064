"""GA/T 1049.2: between a city's platform and its signal system, as XML."""
