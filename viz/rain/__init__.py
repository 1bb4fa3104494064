"""Pages of rain: what comes, how likely, and what that rests on."""
