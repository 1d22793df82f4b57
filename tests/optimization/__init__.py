"""Tests of the rounds, their checks, indicators, exports and worker."""
