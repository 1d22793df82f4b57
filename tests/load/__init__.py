"""A hall full of phones."""
