"""What a signal's settings may be: stages, calls, designs, and where to begin."""
