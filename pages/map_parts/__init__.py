"""The parts of the map page: state, filters, what the map shows, card, summary, table."""
