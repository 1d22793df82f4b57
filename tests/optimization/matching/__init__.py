"""Matching offers and needs."""
