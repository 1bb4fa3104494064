"""Rain in a scenario: what its text may say, and the files that stand for it."""
