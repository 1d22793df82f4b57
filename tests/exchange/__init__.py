"""Tables as files, records as rows, and imports."""
