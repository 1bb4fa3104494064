"""How drivers respond to a change: not at all, informed, day to day, or until it settles."""
