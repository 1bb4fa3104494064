"""A close look at the runs that judge: who gains and who loses, approach by approach and mode by mode."""
