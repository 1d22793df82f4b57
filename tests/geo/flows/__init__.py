"""Tests of material flows."""
