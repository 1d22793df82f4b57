"""What to do: rounds, checks, indicators, and the worker that runs them."""
