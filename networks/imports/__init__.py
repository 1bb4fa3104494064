"""What a city's owner already has: road networks, zones, trip tables, timetables."""
