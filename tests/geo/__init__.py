"""Tests of the geo floor."""
