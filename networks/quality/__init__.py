"""The city's quality: each check with its threshold, each doubt with its influence, and the report of both."""
