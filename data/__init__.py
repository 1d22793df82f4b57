"""The ground floor: domain model, reference tables, store, exchange formats, settings."""
