"""Tests of the strong routing engines."""
