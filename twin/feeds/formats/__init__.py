"""One format of the trade a file: bytes in, rows out."""
