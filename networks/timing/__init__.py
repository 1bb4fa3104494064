"""What a controller is told: stages, changes, limits, coordination, day plans; exact to SUMO's phases and back."""
