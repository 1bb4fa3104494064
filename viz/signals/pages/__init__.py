"""Whole pages, one HTML file each: sheets, an answer, a day, rules."""
