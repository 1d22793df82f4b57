"""Where things are: projection, territory, travel, layers."""
