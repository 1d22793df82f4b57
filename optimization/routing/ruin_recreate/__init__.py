"""Ruin and recreate, compiled: the core of the search for good rounds."""
