"""Parts of the Lettre page."""
