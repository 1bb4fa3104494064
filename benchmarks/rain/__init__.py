"""The nowcast beside persistence and pysteps, on twelve real radar frames."""
