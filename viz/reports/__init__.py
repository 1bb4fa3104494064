"""What every report says beside its figures: method, data, assumptions, guesses, how to repeat it."""
