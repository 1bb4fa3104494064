"""Signal timings beside the published record and beside SUMO's own controllers."""
