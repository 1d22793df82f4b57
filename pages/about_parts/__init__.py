"""Parts of the À propos page: presentation, sources, hypotheses, privacy, accessibility."""
