"""Parts of the page Synergies."""
