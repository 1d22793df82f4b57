"""Tests of road networks."""
