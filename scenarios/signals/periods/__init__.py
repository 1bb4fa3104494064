"""Plans by the time of day: a day cut into periods of like demand, a plan for each, and how one follows the other."""
