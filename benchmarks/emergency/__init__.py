"""Routing beside its peers, on a graph as large as a city."""
