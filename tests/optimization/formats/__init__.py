"""Tests of the planning files and of their commands."""
