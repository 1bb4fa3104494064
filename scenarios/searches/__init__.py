"""Searches for better actions, the bench that judges them, and the recommendations that they end in."""
