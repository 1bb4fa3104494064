"""Rain that may fall next: motion, members, their files and their scores."""
