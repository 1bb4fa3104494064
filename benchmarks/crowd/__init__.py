"""A whole city on foot beside Mesa agents as objects and SUMO's pedestrians, in the same run."""
