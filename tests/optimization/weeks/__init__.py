"""Tests of weeks."""
