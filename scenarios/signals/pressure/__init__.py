"""Max-pressure: greens chosen second by second by who waits, and by the room behind the signal. A reference."""
