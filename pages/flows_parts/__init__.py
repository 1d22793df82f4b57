"""What the Flux page is made of."""
