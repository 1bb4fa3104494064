"""Feeds beside their goals and beside bare programs: `python -m benchmarks.feeds.sustained`; `.kills`; `.day`."""
