"""Road networks on the Données page: what is there, and how to bring one in."""
