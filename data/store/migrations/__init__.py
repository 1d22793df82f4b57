"""Alembic migrations, run by ``data.store.migrate``."""
