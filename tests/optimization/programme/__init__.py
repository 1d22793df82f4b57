"""Tests of the programme's figures."""
