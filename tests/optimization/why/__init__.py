"""Tests of why a plan is what it is."""
