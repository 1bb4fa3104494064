"""Any SUMO configuration as a member: run, judged, forked where alternatives part."""
