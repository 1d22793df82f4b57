"""Following synergies: the chain, the Monday list, the funnel, the agenda."""
