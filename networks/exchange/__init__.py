"""Signal plans in the formats that engineers' tools read and write: each tells what it does not hold."""
