"""One module per command; each imports only click until it is called."""
