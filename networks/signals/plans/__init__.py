"""A plan: its phases, what it shows second by second, the files that hold it; nothing of the ground it runs on."""
