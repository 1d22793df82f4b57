"""Parts of the Bilan page."""
