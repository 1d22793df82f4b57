"""Tests of the travel sources."""
