"""The API's addresses, one noun a file: each `router(behind)` gives its own."""
