"""Tests of the reference tables, units and French typography."""
