"""Weeks: which days to visit each stop, and the rounds of each day, decided together."""
