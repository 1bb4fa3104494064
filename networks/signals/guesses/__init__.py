"""Plans where nobody told one: signals that the map implies, guessed plans in them, and whether a plan fits."""
